// The commit point: RESTORE.md and holdfast.yaml first, then the signature, the manifest last, or all of them at once. From
// then on the backup exists.
import { readFile } from 'node:fs/promises';
import { backupFolder } from '../../catalog/manifest-file.js';
import { restoreGuide } from '../../catalog/restore-guide.js';
import { holdfastVersion } from '../../config/version.js';
import type { Effect } from '../../domain/effect.js';
import {
  isEncrypted,
  MANIFEST_VERSION,
  type Manifest,
  manifestSchema,
  type StoredArtifact,
} from '../../domain/manifest.js';
import type { BackupPlan, Part, Quiet, SnapshotTaken } from '../../domain/plans.js';
import { recipientsOf } from '../../operations/record.js';
import { SEALED_NAME } from '../../operations/sealed-secrets.js';
import { openRepository } from '../../repositories/open-repository.js';
import { putInOrder } from '../../repositories/put-in-order.js';
import type { Repository } from '../../repositories/repository.js';
import { type OperationAttempt, operationActivity } from '../attempt.js';
import type { Dependencies } from '../dependencies.js';
import { applicationOf } from './application.js';
import { FIXED_NAMES, type FixedName, fixedBytes, fixFiles, fixSignature, readFixed } from './fixed-files.js';
import { moment, requireLockStep } from './lock-step.js';
import { laterIn, readPart } from './parts.js';
import { sealSecrets } from './seal-secrets.js';

export interface CommitInput {
  plan: BackupPlan;
  parts: Part[];
  /** null: no database is in it. */
  snapshot: SnapshotTaken | null;
  /** null: no service was quiet. */
  quiet: Quiet | null;
}

export const commitBackup = (dependencies: Dependencies) =>
  operationActivity(
    dependencies,
    'commit',
    async (input: CommitInput, attempt): Promise<{ gapMs: number }> => {
      const manifest = await fixedManifest(input, attempt, dependencies);
      await commitManifest(manifest, attempt);
      return { gapMs: manifest.gapMs };
    },
  );

export const commitManifest = async (manifest: Manifest, attempt: OperationAttempt): Promise<void> => {
  const folder = backupFolder(manifest.deployment, manifest.id);
  const repository = openRepository(attempt.record.settings.repository);
  const { effect } = attempt.host;
  await fixSignature(attempt);
  await removeForgotten(repository, manifest, effect);
  const objectOf = async (name: string, fixed: FixedName) => ({
    key: `${folder}/${name}`,
    bytes: await fixedBytes(attempt, fixed),
  });
  const sealed = manifest.artifacts.filter(({ kind }) => kind === 'secrets');
  const objects = await Promise.all([
    ...sealed.map(({ name }) => objectOf(name, SEALED_NAME)),
    ...FIXED_NAMES.map((name) => objectOf(name, name)),
  ]);
  const stored = manifest.artifacts.filter(({ kind }) => kind !== 'secrets');
  await putInOrder(repository, objects, effect, { folder: laterIn(attempt), artifacts: stored });
};

/** What an earlier attempt of a step had stored and a later one did not need: a second archive of files that moved. */
const removeForgotten = async (repository: Repository, manifest: Manifest, effect: Effect): Promise<void> => {
  const folder = backupFolder(manifest.deployment, manifest.id);
  const names = [...manifest.artifacts.map(({ name }) => name), ...FIXED_NAMES];
  const known = new Set(names.map((name) => `${folder}/${name}`));
  for (const { key } of await repository.list(folder))
    if (!known.has(key)) await repository.remove(key, effect);
};

/** Made by the first attempt that comes so far. */
export const fixedManifest = async (
  input: CommitInput,
  attempt: OperationAttempt,
  { loadConfig }: Pick<Dependencies, 'loadConfig'>,
): Promise<Manifest> => {
  const fixed = await readFixed(attempt);
  if (fixed !== null) return fixed;
  const config = await loadConfig();
  const manifest = await buildManifest(input, attempt, await sealSecrets(config, attempt));
  const { file } = config;
  const guide = restoreGuide(manifest, attempt.record.settings.repository);
  const documents = { 'RESTORE.md': Buffer.from(guide), 'holdfast.yaml': await readFile(file) };
  return fixFiles(manifest, documents, attempt);
};

const buildManifest = async (
  { plan, parts, snapshot, quiet }: CommitInput,
  attempt: OperationAttempt,
  sealed: readonly StoredArtifact[],
): Promise<Manifest> => {
  const contents = await Promise.all(parts.map((part) => readPart(attempt.scratch, part)));
  const artifacts = [...contents.flatMap((part) => part.artifacts), ...sealed];
  const trees = contents.flatMap((part) => part.trees);
  const databases = contents.flatMap((part) => part.databases);
  requireLockStep(trees, snapshot);
  return manifestSchema.parse({
    version: MANIFEST_VERSION,
    id: plan.backup,
    deployment: plan.deployment,
    type: plan.type,
    tiers: [plan.tier],
    scheduledFor: plan.scheduledFor ?? null,
    pinned: plan.pinned === true,
    instance: plan.instance,
    holdfastVersion: holdfastVersion(),
    startedAt: plan.startedAt,
    finishedAt: new Date().toISOString(),
    workflow: { id: plan.run.workflowId, runId: plan.run.firstRunId },
    ...moment({ databases, trees }, { snapshot, quiet }),
    application: await applicationOf(attempt.record.settings.deployment),
    artifacts,
    recipients: artifacts.some(isEncrypted) ? recipientsOf(attempt.record) : [],
    databases,
    trees,
  });
};
