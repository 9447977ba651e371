// What restic prints as JSON: only what is needed of it is looked at, since every version says more.
import { z } from 'zod';
import { Failure } from '../domain/failure.js';

const summarySchema = z.looseObject({
  message_type: z.literal('summary'),
  snapshot_id: z.string().min(8),
  data_added: z.number(),
  total_bytes_processed: z.number(),
  /** Since 0.17: after compression, what the repository grew by. */
  data_added_packed: z.number().optional(),
});

/** What `restic backup` stored. */
export interface ResticSummary {
  /** Of the snapshot; 0.14 gives its first eight digits. */
  id: string;
  /** Bytes that were not there before; before compression where restic does not say it otherwise. */
  added: number;
  /** What it read, as it counted itself. */
  bytes: number;
}

export const resticSummary = (stdout: string): ResticSummary => {
  const lines = stdout.split('\n').filter((line) => line.includes('"summary"'));
  const found = summarySchema.safeParse(parsed(lines.at(-1) ?? ''));
  if (!found.success) throw notUnderstood(stdout);
  const {
    snapshot_id: id,
    data_added: all,
    data_added_packed: packed,
    total_bytes_processed: bytes,
  } = found.data;
  return { id, added: packed ?? all, bytes };
};

const snapshotSchema = z.looseObject({
  id: z.string(),
  time: z.string(),
  original: z.string().optional(),
  hostname: z.string().default(''),
  tags: z.array(z.string()).default([]),
});

export interface ResticSnapshot {
  id: string;
  /** Its id where it was first made; a copy has one of its own. */
  original: string;
  time: Date;
  host: string;
  tags: string[];
}

/** Of `restic snapshots`, which prints null where there are none. */
export const resticSnapshots = (stdout: string): ResticSnapshot[] => {
  const found = z.array(snapshotSchema).nullable().safeParse(parsed(stdout));
  if (!found.success) throw notUnderstood(stdout);
  return (found.data ?? []).map(({ id, time, original, hostname: host, tags }) => ({
    ...{ id, host, tags },
    original: original ?? id,
    time: new Date(time),
  }));
};

const nodeSchema = z.looseObject({ type: z.literal('file'), size: z.number().default(0) });

/** Of `restic ls`: the sum of all files' sizes, as restic counted them. */
export const resticFileBytes = (stdout: string): number =>
  stdout
    .split('\n')
    .map((line) => nodeSchema.safeParse(parsed(line)).data?.size ?? 0)
    .reduce((sum, size) => sum + size, 0);

const packsSchema = z.looseObject({
  packs: z.array(
    z.looseObject({
      id: z.string(),
      blobs: z.array(
        z.looseObject({
          ...{ id: z.string(), type: z.enum(['data', 'tree']), offset: z.number(), length: z.number() },
          uncompressed_length: z.number().default(0),
        }),
      ),
    }),
  ),
});

export type ResticPack = z.output<typeof packsSchema>['packs'][number];

/** Of an index. */
export const resticPacks = (stdout: string): ResticPack[] => {
  const found = packsSchema.safeParse(parsed(stdout));
  if (!found.success) throw notUnderstood(stdout);
  return found.data.packs;
};

/** Behind its chunks a pack has a header: of each its type, its lengths and its id; sealed, and how long that is. */
export const resticPackBytes = ({ blobs }: ResticPack): number =>
  blobs.reduce((sum, blob) => sum + blob.length + (blob.uncompressed_length > 0 ? 41 : 37), SEALED + 4);

const SEALED = 32;

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const notUnderstood = (stdout: string): Failure =>
  new Failure('TOOL_FAILED', 'restic’s answer cannot be understood', {
    hint: 'holdfast knows restic 0.14 and newer: restic version',
    retryable: false,
    evidence: stdout.slice(-4096),
  });
