// Looks into copies of backups: which there are, and one of them read from end to end.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoriesOf } from '../catalog/catalog.js';
import { backupFolder } from '../catalog/manifest-file.js';
import { claimOwnership } from '../catalog/owner.js';
import type { RepositorySettings } from '../config/config.js';
import { deploymentOf } from '../config/load.js';
import type { BackupPage, VerifiedCopy } from '../domain/copies.js';
import type { VerifyRequest } from '../domain/copy-requests.js';
import { Failure } from '../domain/failure.js';
import { fitting } from '../domain/findings.js';
import { decodeCopy } from '../operations/decode-copy.js';
import { knownBackups } from '../operations/missing-copies.js';
import { processRegister } from '../operations/processes.js';
import { repairCopy } from '../operations/repair-copy.js';
import { type CopyFound, verifyCopy } from '../operations/verify-copy.js';
import { openRepository } from '../repositories/open-repository.js';
import { openUnhurried } from '../repositories/open-unhurried.js';
import { type Attempt, lookingActivity } from './attempt.js';
import { pageOf } from './copies.js';
import type { Dependencies } from './dependencies.js';

interface OfDeployment {
  request: VerifyRequest & { deployment: string };
}

/** Names of the repositories whose copies are read. */
export const planVerify = (dependencies: Dependencies) =>
  lookingActivity(dependencies, async ({ request }: OfDeployment): Promise<string[]> => {
    const config = await dependencies.loadConfig();
    const deployment = deploymentOf(config, request.deployment);
    return repositoriesOf(config, deployment, request.repository ?? undefined).map(({ name }) => name);
  });

/** Those that any repository of the deployment holds: a copy that is missing is a problem too. */
export const listBackupsToVerify = (dependencies: Dependencies) =>
  lookingActivity(
    dependencies,
    async ({ request, before }: OfDeployment & { before: string }): Promise<BackupPage> => {
      if (request.backup !== null) return { backups: [request.backup], more: false };
      const config = await dependencies.loadConfig();
      const deployment = deploymentOf(config, request.deployment);
      return pageOf(await knownBackups(deployment.name, repositoriesOf(config, deployment)), before);
    },
  );

export interface VerifyCopyInput extends OfDeployment {
  backup: string;
  repository: string;
}

/** A payload stays under 4 kB. */
const MOST_BYTES = 3_000;

export const verifyBackup = (dependencies: Dependencies) =>
  lookingActivity(dependencies, async (input: VerifyCopyInput, attempt): Promise<VerifiedCopy> => {
    const { request, backup, repository } = input;
    const config = await dependencies.loadConfig();
    const deployment = deploymentOf(config, request.deployment);
    const { stallTimeoutMs } = deployment;
    const all = repositoriesOf(config, deployment);
    const [to] = repositoriesOf(config, deployment, repository);
    if (to === undefined) return { bytes: 0, problems: [], repaired: 0 };
    const look = () => lookInto(to, input, { attempt, stallTimeoutMs });
    const found = await look();
    const before = found.problems.length;
    if (before === 0 || !request.repair) return shown(found, 0);
    const claim = { deployment: deployment.name, instance: dependencies.instance };
    const words = await refusal(claimOwnership(openRepository(to), claim, attempt.host.effect));
    if (words !== null) return shown({ ...found, problems: [...found.problems, { name: '', words }] }, 0);
    const what = {
      deployment: deployment.name,
      backup,
      to,
      from: all.filter(({ name }) => name !== to.name),
    };
    await dependencies.copyTurns.take(to.name, attempt.signal, () =>
      repairCopy(what, found, { ...attempt, stallTimeoutMs }),
    );
    const after = await look();
    return shown(after, Math.max(0, before - after.problems.length));
  });

/** null: it may be repaired by this host. */
const refusal = (claiming: Promise<void>): Promise<string | null> =>
  claiming.then(
    () => null,
    (error: unknown) => {
      if (!(error instanceof Failure) || error.code !== 'NOT_OWNER') throw error;
      return `it is not repaired: ${error.message}; ${error.hint}`;
    },
  );

const lookInto = async (
  settings: RepositorySettings,
  { request, backup }: VerifyCopyInput,
  { attempt, stallTimeoutMs }: { attempt: Attempt; stallTimeoutMs: number },
): Promise<CopyFound> => {
  const { deployment, rate, decode } = request;
  const bytesPerSecond = rate === null ? null : rate * 1e6;
  const found = await verifyCopy(
    settings,
    { deployment, backup },
    { attempt, bytesPerSecond, stallTimeoutMs },
  );
  const { manifest } = found;
  if (!decode || manifest === null || found.problems.length > 0) return found;
  const folder = await scratch(attempt.host.state);
  try {
    const source = {
      manifest,
      repository: openUnhurried(settings, bytesPerSecond),
      folder: backupFolder(deployment, backup),
    };
    const processes = processRegister(attempt.host.state);
    const problems = await decodeCopy(source, { signal: attempt.signal, processes, stallTimeoutMs, folder });
    return { ...found, problems };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const scratch = async (state: string): Promise<string> => {
  const runs = join(state, 'runs');
  await mkdir(runs, { recursive: true, mode: 0o700 });
  return mkdtemp(join(runs, 'verify-'));
};

const shown = ({ bytes, problems }: CopyFound, repaired: number): VerifiedCopy => ({
  bytes,
  problems: fitting(
    problems.map(({ words }) => words),
    MOST_BYTES,
  ).kept,
  repaired,
});
