// A repository in an S3 bucket. Artifacts are multipart uploads, which appear when they are completed; small objects are put
// only where none is. What is retained by an object lock is reported and left alone.

import type { S3Settings } from '../../config/config.js';
import { Failure } from '../../domain/failure.js';
import type { Repository } from '../repository.js';
import { bucketOf, type Patience } from './bucket.js';
import { checkBucket, knowsConditionalPuts } from './check.js';
import { called, isAnswer, locationOf } from './failure.js';
import { removeFolder, unfinishedUploads } from './folder.js';
import { listObjects } from './listing.js';
import { getSmall, putSmall, removeObject } from './object.js';
import { readObject } from './read.js';
import { type HashesSoFar, s3Receive } from './receive.js';
import { s3Store } from './store.js';

export const s3Repository = (settings: S3Settings, patience?: Patience): Repository => {
  const bucket = bucketOf(settings, patience);
  /** What copies send goes over connections of its own where it may not go fast. */
  const sending =
    settings.bandwidth === undefined ? bucket : bucketOf(settings, patience, settings.bandwidth);
  const hashes: HashesSoFar = new Map();
  return {
    name: settings.name,
    kind: 's3',
    location: locationOf(settings),
    store: (folder, source, context) => s3Store(bucket, { folder, source }, context),
    receive: (key, stored, context) => s3Receive(sending, { key, stored, hashes }, context),
    open: async (key, offset = 0) => {
      try {
        return await readObject(bucket, key, offset);
      } catch (error) {
        throw isAnswer(error, 'NoSuchKey', 'NotFound') ? missing(key, settings) : error;
      }
    },
    put: (key, bytes, effect) =>
      effect(`publish ${key.slice(key.lastIndexOf('/') + 1)}`, () => putSmall(bucket, key, bytes)),
    get: (key) => getSmall(bucket, key),
    list: (folder, name) => listObjects(bucket, folder, { name }),
    remove: (key, effect) =>
      effect(`remove ${key.slice(key.lastIndexOf('/') + 1)} from the repository`, () =>
        removeObject(bucket, key),
      ),
    removeFolder: (folder, effect) => removeFolder(bucket, folder, effect),
    unfinished: (folder) => unfinishedUploads(bucket, folder),
    freeBytes: async () => null,
    check: () => checkBucket(bucket),
    conditionalPuts: () => knowsConditionalPuts(bucket),
  };
};

const missing = (key: string, settings: S3Settings): Failure =>
  new Failure('CORRUPT_ARTIFACT', `${key} is missing in ${called(settings)}`);
