// Sends the parts of a copy that the server does not have yet, and remembers each that arrived.
import { createHash, type Hash } from 'node:crypto';
import type { ReceiveContext, StoredBytes } from '../repository.js';
import { steadily } from '../steadily.js';
import type { Bucket } from './bucket.js';
import { isAnswer } from './failure.js';
import { type Journal, journalPart } from './journal.js';
import { cut, type Part, sendParts } from './parts.js';
import { type SentPart, sendPart } from './upload.js';

export interface HashSoFar {
  hash: Hash;
  bytes: number;
}

export interface Progress extends HashSoFar {
  /** What has arrived, by number: of this attempt and of earlier ones. */
  parts: Map<number, SentPart>;
  /** Up to where everything has arrived, and the hash up to there. */
  kept: HashSoFar;
}

/** The journal's parts that the server has too; null when it does not know the upload any more. */
export const arrivedParts = async (bucket: Bucket, journal: Journal): Promise<SentPart[] | null> => {
  const there = new Map<number, { etag: string; bytes: number }>();
  let marker: string | undefined;
  try {
    do {
      const page = await bucket.ask((s3, options) =>
        s3.listParts(
          {
            ...bucket.place(journal.key),
            UploadId: journal.uploadId,
            ...(marker === undefined ? {} : { PartNumberMarker: marker }),
          },
          options,
        ),
      );
      for (const { PartNumber, ETag, Size } of page.Parts ?? [])
        there.set(PartNumber ?? 0, { etag: ETag ?? '', bytes: Size ?? 0 });
      marker = page.IsTruncated ? page.NextPartNumberMarker : undefined;
    } while (marker !== undefined);
  } catch (error) {
    if (isAnswer(error, 'NoSuchUpload')) return null;
    throw error;
  }
  return journal.parts.filter(({ number, etag, bytes }) => {
    const found = there.get(number);
    return found?.etag === etag && found.bytes === bytes;
  });
};

interface Sending {
  journal: Journal;
  progress: Progress;
  stored: StoredBytes;
}

/** Reads the source from `progress.bytes` to its end. A part that has arrived is only compared. */
export const sendMissing = async (
  bucket: Bucket,
  sending: Sending,
  context: ReceiveContext,
): Promise<void> => {
  const { journal, progress } = sending;
  /** Hashes at the ends of parts, by number, until everything before has arrived. */
  const ends = new Map<number, HashSoFar>();
  const done = new Set<number>();
  let arrived = progress.bytes;
  let next = progress.bytes / journal.partBytes + 1;
  await sendParts(read(sending, ends, context), async (part) => {
    if (!isSame(progress.parts.get(part.number), part))
      progress.parts.set(part.number, await sendAndNote(bucket, { journal, part }, context));
    arrived += part.bytes.length;
    context.onProgress?.(arrived);
    done.add(part.number);
    for (; done.delete(next); next++) {
      progress.kept = ends.get(next) ?? progress.kept;
      ends.delete(next);
    }
  });
};

/** The parts of the source, hashed as they are read; it stops where there is more than was announced. */
async function* read(
  { journal, progress, stored }: Sending,
  ends: Map<number, HashSoFar>,
  context: ReceiveContext,
): AsyncGenerator<Part> {
  if (progress.bytes >= stored.bytes) return;
  const from = progress.bytes;
  const chunks = steadily(() => stored.open(from), context);
  for await (const part of cut(chunks, () => journal.partBytes, from / journal.partBytes + 1)) {
    progress.hash.update(part.bytes);
    progress.bytes += part.bytes.length;
    if (progress.bytes > stored.bytes) return;
    ends.set(part.number, { hash: progress.hash.copy(), bytes: progress.bytes });
    yield part;
  }
}

const isSame = (there: SentPart | undefined, { bytes }: Part): boolean =>
  there?.bytes === bytes.length && there.checksum === createHash('sha256').update(bytes).digest('base64');

const sendAndNote = (
  bucket: Bucket,
  { journal, part }: { journal: Journal; part: Part },
  context: ReceiveContext,
): Promise<SentPart> =>
  context.effect(`send part ${part.number} of ${journal.key}`, async () => {
    const upload = { key: journal.key, id: journal.uploadId };
    const sent = await sendPart(bucket, upload, { ...part, signal: context.signal });
    await journalPart(context.journal, sent);
    return sent;
  });
