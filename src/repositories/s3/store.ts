// Streams a source, encoded, straight into a multipart upload: no spool file, bounded memory, hash and size on the way.
// Always an upload of parts, however small: its end is the one moment at which an artifact appears, or replaces an earlier
// attempt's, and what a killed agent left of it can be listed and swept.

import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { Failure } from '../../domain/failure.js';
import { runPipeline } from '../../tools/process.js';
import { type EncodedSource, encodedSource } from '../encoded-source.js';
import type { Digest } from '../hash.js';
import type { Source, StoreContext, StoredObject } from '../repository.js';
import { type Bucket, during, forCleaningUp } from './bucket.js';
import { called } from './failure.js';
import { abortUpload, abortUploadsOf, type Upload } from './folder.js';
import { headOf } from './object.js';
import { cut, growingPartBytes, type Part, sendParts } from './parts.js';
import { beginUpload, completeUpload, type SentPart, sendPart } from './upload.js';

export const s3Store = async (
  whole: Bucket,
  { folder, source }: { folder: string; source: Source },
  context: StoreContext,
): Promise<StoredObject> => {
  const bucket = during(whole, context.signal);
  const encoded = encodedSource(source, context);
  const { name, transforms } = encoded;
  const key = `${folder}/${name}`;
  await requireUncommitted(bucket, folder);
  await abortUploadsOf(bucket, key, context.effect);
  const upload = await context.effect(`begin the upload of ${name}`, () => beginUpload(bucket, key));
  try {
    const { parts, digest, rawBytes } = await context.effect(`store ${name}`, () =>
      send(bucket, { upload, encoded }, context),
    );
    await context.effect(`publish ${name}`, async () => {
      await requireUncommitted(bucket, folder);
      await completeUpload(bucket, upload, { parts, onlyNew: false });
    });
    return { name, ...digest, rawBytes, transforms };
  } catch (error) {
    // No effect of its own: those of an attempt that was told to stop do not happen, and this must.
    await abortUpload(forCleaningUp(whole), upload).catch(() => undefined);
    throw error;
  }
};

/** A backup never changes. Failure OPERATION_LOST: whoever still stores into it is late. */
const requireUncommitted = async (bucket: Bucket, folder: string): Promise<void> => {
  if ((await headOf(bucket, `${folder}/manifest.json`)) === null) return;
  throw new Failure(
    'OPERATION_LOST',
    `${called(bucket.settings)}: ${folder} holds a complete backup, which never changes`,
  );
};

const send = async (
  bucket: Bucket,
  { upload, encoded }: { upload: Upload; encoded: EncodedSource },
  context: StoreContext,
): Promise<{ parts: SentPart[]; digest: Digest; rawBytes: number | null }> => {
  const parts: SentPart[] = [];
  const hash = createHash('sha256');
  let bytes = 0;
  async function* hashed(stdout: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of stdout) {
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  }
  const consume = async (stdout: Readable): Promise<void> => {
    const lost = new AbortController();
    const signal = AbortSignal.any([context.signal, lost.signal]);
    const cutUp = cut(hashed(stdout), (number) => growingPartBytes(number, bucket.settings));
    await sendParts(endingAll(cutUp, lost), async (part) => {
      parts.push(await sendPart(bucket, upload, { ...part, signal }));
    });
  };
  const ended = await runPipeline(encoded.programs, { ...context, consume });
  return {
    parts,
    digest: { bytes, sha256: hash.digest('hex') },
    rawBytes: encoded.rawBytesOf(ended),
  };
};

/** A source that failed makes the parts that are on their way worthless. */
async function* endingAll(parts: AsyncIterable<Part>, lost: AbortController): AsyncGenerator<Part> {
  try {
    yield* parts;
  } catch (error) {
    lost.abort(error);
    throw error;
  }
}
