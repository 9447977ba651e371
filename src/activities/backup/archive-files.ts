// Archives the file trees of the deployment. Digest, count and bytes come from the archive's own listing, not from a walk
// of a busy tree; what the first walk saw and the archive lacks is archived in a second pass or named.
import { join } from 'node:path';
import { backupFolder } from '../../catalog/manifest-file.js';
import type { TreeSettings } from '../../config/config.js';
import { Failure } from '../../domain/failure.js';
import type { StoredArtifact, TreeFacts } from '../../domain/manifest.js';
import type { ArchiveResult, BackupPlan } from '../../domain/plans.js';
import { missingFrom, summarize } from '../../files/digest.js';
import type { Entry } from '../../files/entry.js';
import { readListing } from '../../files/listing.js';
import { unlistedWithParents } from '../../files/second-pass.js';
import { recipientsOf } from '../../operations/record.js';
import { openRepository } from '../../repositories/open-repository.js';
import { parseTarWarning, unreadableInTar } from '../../tools/tar.js';
import { backupActivity, type OperationAttempt } from '../attempt.js';
import type { Dependencies } from '../dependencies.js';
import { laterIn, writePart } from './parts.js';
import { type ReadWarnings, readWarnings } from './read-warnings.js';
import { storedBy } from './stored-by.js';
import { namesFile, namesOf, pathsOf } from './tree-names.js';

export const archiveFiles = (dependencies: Dependencies) =>
  backupActivity(
    dependencies,
    'archive files',
    async ({ plan }: { plan: BackupPlan }, attempt): Promise<ArchiveResult> => {
      const artifacts: StoredArtifact[] = [];
      const trees: TreeFacts[] = [];
      for (const tree of attempt.record.settings.deployment.trees) {
        const archived = await archiveTree(plan, attempt, tree);
        artifacts.push(...archived.artifacts);
        trees.push(archived.facts);
      }
      const contents = { artifacts, databases: [], trees };
      const part = await writePart(attempt.scratch, 'files.json', { contents, effect: attempt.host.effect });
      return {
        part,
        bytes: artifacts.reduce((sum, artifact) => sum + artifact.bytes, 0),
        scanStartedAt: trees.map((tree) => tree.scanStartedAt).sort()[0] ?? new Date().toISOString(),
      };
    },
  );

const archiveTree = async (
  plan: BackupPlan,
  attempt: OperationAttempt,
  tree: TreeSettings,
): Promise<{ artifacts: StoredArtifact[]; facts: TreeFacts }> => {
  const warnings = readWarnings();
  const scanStartedAt = new Date().toISOString();
  const seen = await namesOf(tree);
  const only =
    tree.aside === undefined ? {} : { only: await namesFile(attempt.scratch, tree, pathsOf(seen)) };
  const first = await storeArchive(plan, attempt, {
    tree,
    name: `files.${tree.name}.tar`,
    warnings,
    ...only,
  });
  const missing = missingFrom(seen, first.listed);
  const second =
    missing.length === 0 ? null : await secondPass(plan, attempt, { tree, listed: first.listed, warnings });
  const listed = second === null ? first.listed : later(first.listed, second.listed);
  for (const entry of missingFrom(missing, second?.listed ?? [])) warnings.add('vanished', entry.path);
  return {
    artifacts: [first.artifact, ...(second === null ? [] : [second.artifact])],
    facts: {
      name: tree.name,
      path: tree.path,
      ...summarize(listed),
      scanStartedAt,
      scanEndedAt: new Date().toISOString(),
      ...warnings.named(),
    },
  };
};

interface Archive {
  tree: TreeSettings;
  name: string;
  warnings: ReadWarnings;
  /** File with the NUL-separated paths that are archived instead of the whole tree. */
  only?: string;
}

const storeArchive = async (
  plan: BackupPlan,
  attempt: OperationAttempt,
  { tree, name, warnings, only }: Archive,
) => {
  const unreadable: string[] = [];
  const index = join(attempt.scratch, `${name}.listing`);
  const repository = openRepository(attempt.record.settings.repository);
  const source = {
    kind: 'tree' as const,
    name,
    path: tree.path,
    index,
    ...(only === undefined ? {} : { only }),
  };
  const stored = await repository.store(backupFolder(plan.deployment, plan.backup), source, {
    ...attempt.run,
    effect: attempt.host.effect,
    recipients: recipientsOf(attempt.record),
    storedBy: storedBy(attempt.record),
    later: laterIn(attempt),
    onProgress: (bytes) => attempt.report({ source: `files.${tree.name}`, bytes, expected: 0 }),
    onStderrLine: (_program, line) => {
      const warning = parseTarWarning(line);
      if (warning !== null) warnings.add(warning.kind, warning.path);
      const refused = unreadableInTar(line);
      if (refused !== null) unreadable.push(refused);
    },
  });
  if (unreadable.length > 0)
    throw new Failure('UNREADABLE_FILES', `cannot read ${unreadable.slice(0, 5).join(', ')}`);
  const artifact: StoredArtifact = { ...stored, kind: 'files', source: tree.name };
  return { artifact, listed: await readListing(index) };
};

/** Files that moved while tar read: what is there now and not in the archive, as an archive of its own. */
const secondPass = async (
  plan: BackupPlan,
  attempt: OperationAttempt,
  { tree, listed, warnings }: { tree: TreeSettings; listed: readonly Entry[]; warnings: ReadWarnings },
) => {
  const paths = unlistedWithParents(await namesOf(tree), listed);
  if (paths.length === 0) return null;
  const only = await namesFile(attempt.scratch, tree, paths);
  return storeArchive(plan, attempt, { tree, name: `files.${tree.name}.moved.tar`, warnings, only });
};

/** Extracted one after the other, the second archive's attributes hold. */
const later = (first: readonly Entry[], second: readonly Entry[]): Entry[] => [
  ...new Map([...first, ...second].map((entry) => [entry.path, entry])).values(),
];
