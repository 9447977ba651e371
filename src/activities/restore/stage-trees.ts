// Extracts every file tree of the plan into a private folder beside the live one, and compares it with the archive (every
// byte) and with the manifest (names, kinds, modes, owners, times, links).
import { Failure } from '../../domain/failure.js';
import type { StoredArtifact, TreeFacts } from '../../domain/manifest.js';
import type { StagingPlan } from '../../domain/plans.js';
import { summarize } from '../../files/digest.js';
import { createSideFolder, emptySideFolder } from '../../files/side-folders.js';
import { walk } from '../../files/walk.js';
import type { Command } from '../../tools/command.js';
import { runPipeline } from '../../tools/process.js';
import { syncFilesystem } from '../../tools/sync.js';
import { tarCompare, tarExtract } from '../../tools/tar.js';
import { type OperationAttempt, operationActivity } from '../attempt.js';
import type { Dependencies } from '../dependencies.js';
import { drain } from '../drain.js';
import { decoders, type Sources, withSources } from './artifacts-of.js';

export const stageTrees = (dependencies: Dependencies) =>
  operationActivity(dependencies, 'stage files', ({ plan }: { plan: StagingPlan }, attempt) =>
    withSources(attempt, async (sources) => {
      let files = 0;
      for (const tree of plan.trees) files += await stageTree(attempt, sources, tree);
      return { trees: plan.trees.length, files };
    }),
  );

const stageTree = async (attempt: OperationAttempt, sources: Sources, tree: string): Promise<number> => {
  const { manifest } = sources;
  const facts = manifest.trees.find(({ name }) => name === tree);
  const [incoming] = attempt.record.sideFolders.filter((side) => side.tree === tree);
  const artifacts = manifest.artifacts.filter(({ kind, source }) => kind === 'files' && source === tree);
  if (facts === undefined || incoming === undefined || artifacts.length === 0) {
    throw new Failure('CORRUPT_MANIFEST', `the manifest of ${manifest.id} does not describe files ${tree}`);
  }
  await emptySideFolder(incoming.path, attempt.host.effect);
  await createSideFolder(incoming.path, attempt.host.effect);
  for (const artifact of artifacts)
    await unpack(attempt, sources, { artifact, folder: incoming.path, through: tarExtract });
  await attempt.host.effect('sync the staged files', () => syncFilesystem(incoming.path));
  for (const artifact of artifacts)
    await unpack(attempt, sources, { artifact, folder: incoming.path, through: tarCompare });
  await requireSame(facts, incoming.path);
  return facts.files;
};

interface Unpacking {
  artifact: StoredArtifact;
  folder: string;
  through: (options: { directory: string }) => Command;
}

/** tar only warns of an attribute that it cannot set; here it is a difference like any other. */
const unpack = async (
  attempt: OperationAttempt,
  { repository, folder: backup, identity }: Sources,
  { artifact, folder, through }: Unpacking,
): Promise<void> => {
  const lost: string[] = [];
  const what = `${through === tarExtract ? 'extract' : 'compare'} ${artifact.name}`;
  await attempt.host.effect(what, async () =>
    runPipeline([...decoders(artifact, identity), through({ directory: folder })], {
      ...attempt.run,
      input: await repository.open(`${backup}/${artifact.name}`),
      consume: drain,
      onProgress: (bytes) =>
        attempt.report({ source: `files.${artifact.source}`, bytes, expected: artifact.bytes }),
      onStderrLine: (_program, line) => {
        if (LOST_ATTRIBUTE.test(line)) lost.push(line);
      },
    }),
  );
  if (lost.length === 0) return;
  throw new Failure('NOT_IDENTICAL', `files ${artifact.source}: attributes could not be set: ${lost[0]}`, {
    hint: 'restore as root, to a filesystem that keeps ACLs and extended attributes',
    evidence: lost.slice(0, 50).join('\n'),
  });
};

/** `tar: setxattrat: Cannot set 'user.x' extended attribute for file 'a': …`, `Cannot set POSIX ACLs for file 'a': …`. */
const LOST_ATTRIBUTE = /Cannot set .*(extended attribute|POSIX ACLs)/;

const requireSame = async (facts: TreeFacts, folder: string): Promise<void> => {
  const found = summarize(await walk(folder));
  if (found.digest === facts.digest) return;
  throw new Failure(
    'NOT_IDENTICAL',
    `files ${facts.name} are not what was backed up: ${found.entries} entries with ${found.bytes} bytes instead of ${facts.entries} with ${facts.bytes}, or other owners, modes or times`,
    { hint: 'restore as root, so that owners come back; or restore another backup: holdfast list' },
  );
};
