// Looks into one copy of a backup, from end to end.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoriesOf } from '../catalog/catalog.js';
import { backupFolder } from '../catalog/manifest-file.js';
import { trustOf } from '../catalog/signing-key.js';
import type { Config, RepositorySettings } from '../config/config.js';
import { deploymentOf } from '../config/load.js';
import type { VerifiedCopy } from '../domain/copies.js';
import { asFailure } from '../domain/failure.js';
import { fitting } from '../domain/findings.js';
import type { Trust } from '../domain/signature.js';
import { decodeCopy } from '../operations/decode-copy.js';
import { withIdentity } from '../operations/identity.js';
import { processRegister } from '../operations/processes.js';
import { repairCopy } from '../operations/repair-copy.js';
import type { StoredBackup } from '../operations/stored-artifacts.js';
import { requireKey, type Trying } from '../operations/try-key.js';
import { type CopyFound, verifyCopy } from '../operations/verify-copy.js';
import { openRepository } from '../repositories/open-repository.js';
import { type Attempt, lookingActivity } from './attempt.js';
import { isPrunedSince, type OfDeployment } from './backups-to-verify.js';
import type { Dependencies } from './dependencies.js';

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
    const trust = await trustOf(config);
    const { encryption } = config;
    const look = () => lookInto(to, { ...input, trust, encryption }, { attempt, stallTimeoutMs });
    const found = await look();
    if (await isPrunedSince(found, to, { config, ...input })) return { bytes: 0, problems: [], repaired: 0 };
    const before = found.problems.length;
    if (before === 0 || !request.repair) return shown(found, 0);
    const what = {
      deployment: deployment.name,
      backup,
      to,
      trust,
      from: all.filter(({ name }) => name !== to.name),
    };
    await dependencies.copyTurns.take(to.name, attempt.signal, () =>
      repairCopy(what, found, { ...attempt, stallTimeoutMs }),
    );
    const after = await look();
    return shown(after, Math.max(0, before - after.problems.length));
  });

const lookInto = async (
  settings: RepositorySettings,
  { request, backup, trust, encryption }: VerifyCopyInput & Pick<Config, 'encryption'> & { trust: Trust },
  { attempt, stallTimeoutMs }: { attempt: Attempt; stallTimeoutMs: number },
): Promise<CopyFound> => {
  const { deployment, rate, decode } = request;
  const bytesPerSecond = rate === null ? null : rate * 1e6;
  const found = await verifyCopy(
    settings,
    { deployment, backup, trust },
    { attempt, bytesPerSecond, stallTimeoutMs },
  );
  const { manifest } = found;
  if (!decode || manifest === null || found.problems.length > 0) return found;
  const folder = await scratch(attempt.host.state);
  try {
    const stored = {
      manifest,
      repository: openRepository(settings),
      folder: backupFolder(deployment, backup),
    };
    const { signal, host } = attempt;
    const closed = await problemOfKey(stored, { encryption, folder, signal });
    if (closed !== null) return { ...found, problems: [closed] };
    const run = { signal, processes: processRegister(host.state), stallTimeoutMs, folder };
    const { artifacts } = manifest;
    const problems = await withIdentity({ encryption, artifacts, folder }, (identity) =>
      decodeCopy({ ...stored, identity }, run),
    );
    return { ...found, problems };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** Says nothing against the copy: without its key nobody can tell. */
const problemOfKey = async (
  stored: StoredBackup,
  trying: Trying,
): Promise<CopyFound['problems'][number] | null> => {
  try {
    await requireKey(stored, stored.manifest.artifacts, trying);
    return null;
  } catch (error) {
    const { code, message } = asFailure(error);
    if (code !== 'KEY_MISSING' && code !== 'WRONG_KEY') throw error;
    return { name: '', words: `is stored as the manifest says, but cannot be decoded here: ${message}` };
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
