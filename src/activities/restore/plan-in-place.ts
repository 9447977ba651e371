// What a restore into the live databases needs, and what it does to them. Changes nothing.
import { randomBytes } from 'node:crypto';
import { requireOwnPlace } from '../../catalog/own-place.js';
import type { Config, Deployment } from '../../config/config.js';
import { encrypts } from '../../config/encrypts.js';
import type { DatabaseTarget } from '../../config/targets.js';
import { checkServer } from '../../database/preflight.js';
import { checkInPlace, type NotInBackup } from '../../database/preflight-in-place.js';
import { serverMajor } from '../../database/server.js';
import { Failure } from '../../domain/failure.js';
import type { DatabaseFacts } from '../../domain/manifest.js';
import { backupId } from '../../domain/names.js';
import type { RestoreRequest } from '../../domain/requests.js';
import { locateDatabase } from '../../operations/locate.js';
import { requireRoundTrip } from '../../operations/try-key.js';
import { openRepository } from '../../repositories/open-repository.js';
import { type PostgresProgram, postgresProgram } from '../../tools/find-program.js';
import { checkRoom, primaryOf } from '../backup/plan-backup.js';
import { tryingWith } from './check-key.js';
import { inPlaceLines } from './describe-restore.js';
import { checkDatabaseRoom } from './restore-checks.js';
import type { Selection } from './restore-selection.js';

export interface InPlaceInput {
  request: RestoreRequest;
  config: Config;
  deployment: Deployment;
  selection: Selection;
  applicationName: string;
  /** Whose safety backup it will be. */
  instance: string;
}

/** How the backup takes the live data's place. */
export interface Way {
  lines: string[];
  safety: string;
  basis: unknown;
}

export const planInPlace = async (input: InPlaceInput): Promise<Way> => {
  const { request, config, deployment, selection, applicationName, instance } = input;
  requireDatabasesOnly(request, selection);
  const safety = request.withoutSafetyBackup
    ? ''
    : backupId(new Date(), 'database', randomBytes(2).toString('hex'));
  const targets = await targetsOf(input);
  const notInBackup: NotInBackup[] = [];
  for (const { target, facts } of targets)
    notInBackup.push(await checkInPlace(target, facts, { applicationName }));
  for (const { target } of targets.slice(0, 1))
    await checkDatabaseRoom(target, selection.databases, applicationName);
  if (safety !== '') await checkSafetyBackup(config, deployment, { targets, applicationName, instance });
  await requirePrograms(safety === '' ? ['pg_restore'] : ['pg_restore', 'pg_dump', 'pg_dumpall'], {
    target: targets[0]?.target,
    applicationName,
  });
  const all = {
    stay: notInBackup.flatMap(({ stay }) => stay),
    partitions: notInBackup.flatMap(({ partitions }) => partitions),
  };
  return {
    lines: inPlaceLines(deployment.name, safety, all),
    safety,
    basis: ['in-place', request.withoutSafetyBackup, all],
  };
};

const requireDatabasesOnly = ({ deployment, backup }: RestoreRequest, { trees }: Selection): void => {
  if (trees.length === 0) return;
  throw new Failure(
    'INPUT_INVALID',
    `only databases are restored in place, and the backup holds files too: ${trees.map(({ name }) => name).join(', ')}`,
    { hint: `choose the databases: holdfast restore ${deployment} ${backup} --in-place --only database` },
  );
};

interface Replaced {
  target: DatabaseTarget;
  facts: DatabaseFacts;
}

const targetsOf = async ({ deployment, selection }: InPlaceInput): Promise<Replaced[]> => {
  const targets: Replaced[] = [];
  for (const settings of deployment.databases) {
    const facts = selection.databases.find(({ name }) => name === settings.name);
    if (facts !== undefined) targets.push({ target: await locateDatabase(settings), facts });
  }
  return targets;
};

/** As a backup is planned: the role may read everything, and the repository takes it. */
const checkSafetyBackup = async (
  config: Config,
  deployment: Deployment,
  {
    targets,
    applicationName,
    instance,
  }: Pick<InPlaceInput, 'applicationName' | 'instance'> & { targets: readonly Replaced[] },
): Promise<void> => {
  try {
    for (const { target } of targets) await checkServer(target, { applicationName });
    await checkWayBack(config, deployment);
    const repository = primaryOf(config, deployment);
    await openRepository(repository).check();
    await requireOwnPlace({ state: config.state, repository, deployment: deployment.name, instance });
    await checkRoom(config, deployment);
  } catch (error) {
    throw withoutSafetyHint(error);
  }
};

/** A roll-back reads the safety backup: what can only be encrypted here could never be put back. */
const checkWayBack = async (config: Config, deployment: Deployment): Promise<void> => {
  if (encrypts(config, deployment)) await requireRoundTrip(await tryingWith(config));
};

/** For a database that cannot be dumped any more, or a repository that takes nothing. */
export const withoutSafetyHint = (error: unknown): unknown => {
  if (!(error instanceof Failure)) return error;
  const { code, message, hint, retryable, evidence } = error;
  return new Failure(code, `the safety backup cannot be made: ${message}`, {
    hint: `${hint}; to restore without a way back: --in-place --without-safety-backup`,
    retryable,
    evidence,
    cause: error,
  });
};

const requirePrograms = async (
  programs: readonly PostgresProgram[],
  { target, applicationName }: { target: DatabaseTarget | undefined; applicationName: string },
): Promise<void> => {
  if (target === undefined || target.container !== undefined) return;
  const major = await serverMajor(target, applicationName);
  for (const program of programs) await postgresProgram(program, major);
};
