// A multipart upload: begun, filled with parts, completed and looked at. Nothing of it is seen under its key before. Every part
// goes with its SHA-256, which the server checks.
import { createHash } from 'node:crypto';
import type { Bucket } from './bucket.js';
import { isAnswer } from './failure.js';
import type { Upload } from './folder.js';
import { headOf, protectionOf, requireLength } from './object.js';
import type { Part } from './parts.js';

export interface SentPart {
  number: number;
  bytes: number;
  etag: string;
  /** SHA-256, in base64. */
  checksum: string;
}

/** @param sha256 where it is known: it is kept with the object, so that nobody has to read it to know what it is */
export const beginUpload = async (bucket: Bucket, key: string, sha256?: string): Promise<Upload> => {
  const { storageClass } = bucket.settings;
  const { UploadId } = await bucket.ask((s3, options) =>
    s3.createMultipartUpload(
      {
        ...bucket.place(key),
        ChecksumAlgorithm: 'SHA256',
        ...(sha256 === undefined ? {} : { Metadata: { sha256 } }),
        // Any name that the server knows: the SDK's list is Amazon's.
        ...(storageClass === null ? {} : { StorageClass: storageClass as 'STANDARD' }),
        ...protectionOf(bucket.settings, key),
      },
      options,
    ),
  );
  if (UploadId === undefined) return await bucket.ask(() => Promise.reject(new Error('no upload id')));
  return { key, id: UploadId };
};

export const sendPart = async (
  bucket: Bucket,
  { key, id }: Upload,
  { number, bytes, signal }: Part & { signal: AbortSignal },
): Promise<SentPart> => {
  const checksum = createHash('sha256').update(bytes).digest('base64');
  const { ETag } = await bucket.ask(
    (s3, options) =>
      s3.uploadPart(
        {
          ...bucket.place(key),
          UploadId: id,
          PartNumber: number,
          Body: bytes,
          ContentLength: bytes.length,
          ChecksumSHA256: checksum,
        },
        options,
      ),
    signal,
  );
  return { number, bytes: bytes.length, etag: ETag ?? '', checksum };
};

/**
 * The object is there, whole, when this resolves. Failure REPOSITORY_UNREACHABLE when the server kept less than it confirmed.
 * An upload that is gone may have been completed by a request whose answer was lost: the object itself says.
 * @param onlyNew nothing is overwritten: the answer is then PreconditionFailed
 */
export const completeUpload = async (
  bucket: Bucket,
  upload: Upload,
  { parts, onlyNew }: { parts: readonly SentPart[]; onlyNew: boolean },
): Promise<void> => {
  const sorted = parts.toSorted((a, b) => a.number - b.number);
  const bytes = sorted.reduce((sum, part) => sum + part.bytes, 0);
  try {
    await complete(bucket, upload, { parts: sorted, onlyNew });
  } catch (error) {
    const gone = isAnswer(error, 'NoSuchUpload', 'PreconditionFailed');
    const found = gone ? await headOf(bucket, upload.key) : null;
    if (found?.bytes !== bytes || found.checksum === null) throw error;
    if (found.checksum.split('-')[0] !== checksumOfAll(sorted)) throw error;
  }
  await requireLength(bucket, upload.key, bytes);
};

const complete = async (
  bucket: Bucket,
  { key, id }: Upload,
  { parts, onlyNew }: { parts: readonly SentPart[]; onlyNew: boolean },
): Promise<void> => {
  const request = (condition: { IfNoneMatch?: string }) =>
    bucket.ask((s3, options) =>
      s3.completeMultipartUpload(
        {
          ...bucket.place(key),
          ...condition,
          UploadId: id,
          MultipartUpload: {
            Parts: parts.map(({ number, etag, checksum }) => ({
              PartNumber: number,
              ETag: etag,
              ChecksumSHA256: checksum,
            })),
          },
        },
        options,
      ),
    );
  if (!onlyNew) return void (await request({}));
  try {
    await request({ IfNoneMatch: '*' });
  } catch (error) {
    if (!isAnswer(error, 'NotImplemented', '501')) throw error;
    await request({});
  }
};

/** As servers give it for an object of parts: of the parts' own checksums. */
const checksumOfAll = (parts: readonly SentPart[]): string =>
  createHash('sha256')
    .update(Buffer.concat(parts.map(({ checksum }) => Buffer.from(checksum, 'base64'))))
    .digest('base64');
