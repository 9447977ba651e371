// Proves the whole chain of one copy: decompressed, its dumps hold the rows that the manifest counts, and its archives the
// files. Nothing is restored: the programs only read.
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { compareCounts } from '../../database/row-counts.js';
import { asFailure } from '../../domain/failure.js';
import type { DatabaseFacts, Manifest, StoredArtifact, TreeFacts } from '../../domain/manifest.js';
import { summarize } from '../../files/digest.js';
import type { Entry } from '../../files/entry.js';
import { readListing } from '../../files/listing.js';
import type { Repository } from '../../repositories/repository.js';
import type { Command } from '../../tools/command.js';
import { countDumpedRows } from '../../tools/dumped-rows.js';
import { postgresProgram } from '../../tools/find-program.js';
import { pgRestoreToStdout } from '../../tools/pg-restore.js';
import { type RunContext, runPipeline } from '../../tools/process.js';
import { tarList } from '../../tools/tar.js';
import { decoders, type Sources } from '../stored-artifacts.js';

export interface Decoding extends RunContext {
  /** A private folder for listings. */
  folder: string;
}

type From = Pick<Sources, 'folder' | 'identity'> & {
  repository: Pick<Repository, 'open'>;
  manifest: Manifest;
};

/** One line for everything that is not as the manifest says; none: all of it can be restored. */
export const decodeCopy = async (
  from: From,
  decoding: Decoding,
): Promise<{ name: string; words: string }[]> => {
  const { databases, trees, artifacts } = from.manifest;
  const problems: { name: string; words: string }[] = [];
  const attempt = async (name: string, act: () => Promise<string | null>): Promise<void> => {
    const words = await act().catch((error: unknown) => {
      decoding.signal.throwIfAborted();
      const { code, message } = asFailure(error);
      if (OF_THE_HOST.has(code)) throw error;
      return `${name} cannot be decoded: ${message}`;
    });
    if (words !== null) problems.push({ name, words });
  };
  for (const artifact of artifacts) {
    const facts = databases.find(({ name }) => artifact.kind === 'database' && name === artifact.source);
    if (facts !== undefined) await attempt(artifact.name, () => rowsDiffer(facts, artifact, from, decoding));
    if (['globals', 'secrets'].includes(artifact.kind))
      await attempt(artifact.name, () => isDecoded(artifact, from, decoding));
  }
  for (const tree of trees) {
    const archives = artifacts.filter(({ kind, source }) => kind === 'files' && source === tree.name);
    await attempt(`files.${tree.name}`, () => treeDiffers(tree, archives, { from, decoding }));
  }
  return problems;
};

/** These say nothing of the copy. */
const OF_THE_HOST: ReadonlySet<string> = new Set([
  'TOOL_MISSING',
  'VERSION_MISMATCH',
  'REPOSITORY_UNREACHABLE',
  'DISK_FULL',
  'STALLED',
]);

const through = async (
  artifact: StoredArtifact,
  { repository, folder, identity }: From,
  {
    decoding,
    programs,
    consume,
  }: {
    decoding: Decoding;
    programs: readonly Command[];
    consume: (stdout: Readable) => Promise<void>;
  },
): Promise<void> => {
  await runPipeline([...decoders(artifact, identity), ...programs], {
    ...decoding,
    input: await repository.open(`${folder}/${artifact.name}`),
    consume,
  });
};

const rowsDiffer = async (
  facts: DatabaseFacts,
  artifact: StoredArtifact,
  from: From,
  decoding: Decoding,
): Promise<string | null> => {
  const { path } = await postgresProgram('pg_restore', Math.floor(facts.serverVersion / 10_000));
  const counting = countDumpedRows();
  await through(artifact, from, {
    decoding,
    programs: [pgRestoreToStdout(path)],
    consume: async (stdout) => {
      for await (const chunk of stdout as AsyncIterable<Buffer>) counting.take(chunk);
    },
  });
  const counted = counting.counted();
  const known = new Set(facts.tables.map(({ schema, name }) => JSON.stringify([schema, name])));
  // An extension's own tables are dumped and not counted.
  const tables = counted.tables.filter(({ schema, name }) => known.has(JSON.stringify([schema, name])));
  const [first] = compareCounts(facts, { ...counted, tables });
  return first === undefined ? null : `${artifact.name} is not what was backed up: ${first}`;
};

const isDecoded = async (artifact: StoredArtifact, from: From, decoding: Decoding): Promise<null> => {
  const consume = async (stdout: Readable) => {
    for await (const _chunk of stdout);
  };
  await through(artifact, from, { decoding, programs: [], consume });
  return null;
};

const treeDiffers = async (
  tree: TreeFacts,
  archives: readonly StoredArtifact[],
  { from, decoding }: { from: From; decoding: Decoding },
): Promise<string | null> => {
  const entries = new Map<string, Entry>();
  for (const artifact of archives) {
    const listing = join(decoding.folder, `${artifact.name}.listing`);
    await writeListing(listing, artifact, { from, decoding });
    for (const entry of await readListing(listing)) entries.set(entry.path, entry);
  }
  const found = summarize([...entries.values()]);
  if (found.digest === tree.digest) return null;
  return `files ${tree.name} are not what was backed up: ${found.files} files of ${found.bytes} bytes, where the manifest says ${tree.files} of ${tree.bytes}`;
};

const writeListing = async (
  listing: string,
  artifact: StoredArtifact,
  { from, decoding }: { from: From; decoding: Decoding },
): Promise<void> => {
  const file = await open(listing, 'w', 0o600);
  try {
    await through(artifact, from, {
      decoding,
      programs: [tarList()],
      consume: async (stdout) => {
        for await (const chunk of stdout as AsyncIterable<Buffer>) await file.appendFile(chunk);
      },
    });
  } finally {
    await file.close();
  }
};
