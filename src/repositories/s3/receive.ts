// Takes over what another repository holds: parts in parallel, and after an interruption only those that are missing. The
// whole SHA-256 is compared before anything appears. A hash cannot be put together from its parts, so it is kept while this
// process lives; after a kill the source is read from its start again, which also compares every part that was sent before.
import { createHash } from 'node:crypto';
import { Failure } from '../../domain/failure.js';
import { digestOf } from '../hash.js';
import { requireAnnounced, requireNoOther } from '../received.js';
import type { ReceiveContext, StoredBytes } from '../repository.js';
import { type Bucket, during, forCleaningUp } from './bucket.js';
import { isAnswer } from './failure.js';
import { abortUpload, abortUploadsOf } from './folder.js';
import { endJournal, type Journal, readJournal, startJournal } from './journal.js';
import { headOf, putSmall } from './object.js';
import { partBytesFor } from './parts.js';
import { readObject } from './read.js';
import { arrivedParts, type HashSoFar, type Progress, sendMissing } from './send.js';
import { beginUpload, completeUpload } from './upload.js';

/** Hashes of what was read for copies that did not end, by the journal's path. */
export type HashesSoFar = Map<string, HashSoFar>;

interface Copy {
  key: string;
  stored: StoredBytes;
  /** For people. */
  name: string;
}

export const s3Receive = async (
  whole: Bucket,
  { key, stored, hashes }: { key: string; stored: StoredBytes; hashes: HashesSoFar },
  context: ReceiveContext,
): Promise<void> => {
  const bucket = during(whole, context.signal);
  const copy: Copy = { key, stored, name: key.slice(key.lastIndexOf('/') + 1) };
  if (await isThere(bucket, copy)) return await cleanUp(bucket, copy, context);
  if (stored.bytes === 0) return await receiveNothing(bucket, copy, context);
  const journal = await resumed(bucket, copy, context);
  const progress = progressOf(journal, hashes.get(context.journal));
  hashes.delete(context.journal);
  try {
    await sendMissing(bucket, { journal, progress, stored }, context);
    requireAnnounced(key, stored, { bytes: progress.bytes, sha256: progress.hash.copy().digest('hex') });
  } catch (error) {
    if (error instanceof Failure && error.code === 'CORRUPT_ARTIFACT') await discard(whole, journal, context);
    else hashes.set(context.journal, progress.kept);
    throw error;
  }
  await context.effect(`publish ${copy.name}`, () => publish(bucket, { journal, progress, copy }, context));
};

/** Failure CORRUPT_ARTIFACT when another one is there. Read only where nobody noted its SHA-256. */
const isThere = async (bucket: Bucket, { key, stored }: Copy): Promise<boolean> => {
  const found = await headOf(bucket, key);
  if (found === null) return false;
  const sha256 =
    found.bytes !== stored.bytes || found.sha256 !== null
      ? (found.sha256 ?? 'unknown')
      : (await digestOf(await readObject(bucket, key, 0))).sha256;
  requireNoOther(key, stored, { bytes: found.bytes, sha256 });
  return true;
};

/** An object without bytes has no parts. */
const receiveNothing = async (bucket: Bucket, copy: Copy, context: ReceiveContext): Promise<void> => {
  requireAnnounced(copy.key, copy.stored, await digestOf(await copy.stored.open(0)));
  await context.effect(`publish ${copy.name}`, () => putSmall(bucket, copy.key, Buffer.alloc(0)));
};

/** The interrupted upload where it is still there, else a new one. */
const resumed = async (bucket: Bucket, copy: Copy, context: ReceiveContext): Promise<Journal> => {
  const journal = await readJournal(context.journal, copy);
  const parts = journal === null ? null : await arrivedParts(bucket, journal);
  if (journal !== null && parts !== null) return { ...journal, parts };
  await abortUploadsOf(bucket, copy.key, context.effect);
  return await context.effect(`begin the upload of ${copy.name}`, async () => {
    const { id } = await beginUpload(bucket, copy.key, copy.stored.sha256);
    const head = {
      key: copy.key,
      sha256: copy.stored.sha256,
      bytes: copy.stored.bytes,
      uploadId: id,
      partBytes: partBytesFor(copy.stored.bytes, bucket.settings),
    };
    await startJournal(context.journal, head);
    return { version: 1, ...head, parts: [] };
  });
};

/** Goes on at the end of the parts that are there without a gap, where the hash up to there is known. */
const progressOf = (journal: Journal, known: HashSoFar | undefined): Progress => {
  const start =
    known !== undefined && hasAllUpTo(journal, known.bytes)
      ? known
      : { hash: createHash('sha256'), bytes: 0 };
  const parts = new Map(journal.parts.map((part) => [part.number, part]));
  return { hash: start.hash.copy(), bytes: start.bytes, parts, kept: start };
};

const hasAllUpTo = ({ parts, partBytes }: Journal, bytes: number): boolean => {
  const numbers = new Set(parts.map(({ number }) => number));
  return Array.from({ length: Math.ceil(bytes / partBytes) }, (_, index) => index + 1).every((n) =>
    numbers.has(n),
  );
};

const publish = async (
  bucket: Bucket,
  { journal, progress, copy }: { journal: Journal; progress: Progress; copy: Copy },
  context: ReceiveContext,
): Promise<void> => {
  const upload = { key: journal.key, id: journal.uploadId };
  try {
    await completeUpload(bucket, upload, { parts: [...progress.parts.values()], onlyNew: true });
  } catch (error) {
    if (isAnswer(error, 'NoSuchUpload', 'InvalidPart')) await endJournal(context.journal);
    if (!isAnswer(error, 'PreconditionFailed', '412')) throw error;
    // Whoever was faster: what is there must be the same.
    await abortUpload(bucket, upload);
    if (!(await isThere(bucket, copy))) throw error;
  }
  await endJournal(context.journal);
};

const discard = async (bucket: Bucket, journal: Journal, context: ReceiveContext): Promise<void> => {
  await abortUpload(forCleaningUp(bucket), { key: journal.key, id: journal.uploadId }).catch(() => undefined);
  await endJournal(context.journal);
};

const cleanUp = async (bucket: Bucket, { key }: Copy, context: ReceiveContext): Promise<void> => {
  await abortUploadsOf(bucket, key, context.effect);
  await endJournal(context.journal);
};
