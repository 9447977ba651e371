// Lists that are too long for a payload travel as files in the operation's scratch folder; the payload carries their hash.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Effect } from '../../domain/effect.js';
import { Failure } from '../../domain/failure.js';
import type { DatabaseFacts, StoredArtifact, TreeFacts } from '../../domain/manifest.js';
import type { Part } from '../../domain/plans.js';
import { replaceJson } from '../../operations/state-folder.js';

/** What one storing step contributes to the manifest. */
export interface PartContents {
  artifacts: StoredArtifact[];
  databases: DatabaseFacts[];
  trees: TreeFacts[];
}

/** Where a repository notes what becomes an object only when the backup is committed. */
export const laterIn = ({ scratch }: { scratch: string }): string => join(scratch, 'later');

export const writePart = async (
  scratch: string,
  name: string,
  { contents, effect }: { contents: PartContents; effect: Effect },
): Promise<Part> => {
  const path = join(scratch, name);
  await effect(`write ${name}`, () => replaceJson(path, contents));
  return { name, sha256: hash(await readFile(path)) };
};

/** Failure OPERATION_LOST when the file is not the one that the step wrote. */
export const readPart = async (scratch: string, part: Part): Promise<PartContents> => {
  const bytes = await readFile(join(scratch, part.name)).catch(() => Buffer.alloc(0));
  if (hash(bytes) === part.sha256) return JSON.parse(bytes.toString('utf8'));
  throw new Failure('OPERATION_LOST', `the part file ${part.name} is not what its step wrote`);
};

const hash = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
