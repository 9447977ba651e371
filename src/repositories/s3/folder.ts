// What lies under a folder of a bucket that has to go: uploads that nobody completed, and whole folders.
import type { Effect } from '../../domain/effect.js';
import type { Unfinished } from '../repository.js';
import type { Bucket } from './bucket.js';
import { isAnswer } from './failure.js';
import { listObjects } from './listing.js';
import { removeObject } from './object.js';

export interface Upload {
  key: string;
  id: string;
}

interface OpenUpload extends Upload {
  begunAt: Date;
}

/** Uploads that were begun and not completed, of all keys that begin with this. */
const openUploads = async (bucket: Bucket, start: string): Promise<OpenUpload[]> => {
  const found: OpenUpload[] = [];
  const { Bucket: name, Key: prefix } = bucket.place(start);
  let marker: { KeyMarker?: string; UploadIdMarker?: string } | null = {};
  while (marker !== null) {
    const here: { KeyMarker?: string; UploadIdMarker?: string } = marker;
    const page = await bucket.ask((s3, options) =>
      s3.listMultipartUploads({ Bucket: name, Prefix: prefix, ...here }, options),
    );
    for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
      const key = bucket.keyOf(Key);
      if (key !== null && UploadId !== undefined)
        found.push({ key, id: UploadId, begunAt: Initiated ?? new Date() });
    }
    marker =
      page.IsTruncated && page.NextKeyMarker !== undefined
        ? {
            KeyMarker: page.NextKeyMarker,
            ...(page.NextUploadIdMarker === undefined ? {} : { UploadIdMarker: page.NextUploadIdMarker }),
          }
        : null;
  }
  return found;
};

/** Gone already is fine. */
export const abortUpload = async (bucket: Bucket, { key, id }: Upload): Promise<void> => {
  try {
    await bucket.ask((s3, options) =>
      s3.abortMultipartUpload({ ...bucket.place(key), UploadId: id }, options),
    );
  } catch (error) {
    if (!isAnswer(error, 'NoSuchUpload')) throw error;
  }
};

export const unfinishedUploads = async (bucket: Bucket, folder: string): Promise<Unfinished[]> =>
  (await openUploads(bucket, `${folder}/`)).map((upload) => ({
    ...{ key: upload.key, words: 'an unfinished upload', modifiedAt: upload.begunAt },
    remove: (effect) =>
      effect(`abort an unfinished upload of ${upload.key}`, () => abortUpload(bucket, upload)),
  }));

/** Of one object, left by dead attempts: only one at a time stores it. */
export const abortUploadsOf = async (bucket: Bucket, key: string, effect: Effect): Promise<void> => {
  const left = (await openUploads(bucket, key)).filter((upload) => upload.key === key);
  for (const upload of left)
    await effect(`abort an unfinished upload of ${key}`, () => abortUpload(bucket, upload));
};

/** Once its manifest is gone it is no backup any more, however much of it a crash leaves. */
export const removeFolder = async (bucket: Bucket, folder: string, effect: Effect): Promise<void> => {
  const keys = (await listObjects(bucket, folder)).map(({ key }) => key);
  const manifest = `${folder}/manifest.json`;
  const ordered = [...keys.filter((key) => key === manifest), ...keys.filter((key) => key !== manifest)];
  for (const key of ordered)
    await effect(`remove ${key.slice(folder.length + 1)} from the repository`, () =>
      removeObject(bucket, key),
    );
  for (const upload of await openUploads(bucket, `${folder}/`))
    await effect(`abort an unfinished upload of ${upload.key}`, () => abortUpload(bucket, upload));
};
