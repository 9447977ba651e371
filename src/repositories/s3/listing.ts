// The objects under a folder of a bucket.
import type { ListObjectsV2CommandInput, ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';
import type { ObjectInfo } from '../repository.js';
import type { Bucket } from './bucket.js';
import { listInRanges, type Page } from './ranges.js';

export interface Wanted {
  /** Objects called `folder/<one more>/name` are enough. */
  name?: string | undefined;
  /** As many as the server gives at once. */
  pageKeys?: number;
}

/** @param folder without a slash at its end; empty: the whole repository */
export const listObjects = async (
  bucket: Bucket,
  folder: string,
  { name, pageKeys }: Wanted = {},
): Promise<ObjectInfo[]> => {
  const what = { folder, ...(pageKeys === undefined ? {} : { MaxKeys: pageKeys }) };
  const found =
    (await listInRanges({
      pageAfter: (key) => pageOf(bucket, what, key === '' ? {} : { StartAfter: bucket.place(key).Key }),
      ...(name === undefined ? {} : { skipTo: (key) => beforeNext(key, folder, name) }),
      atOnce: AT_ONCE,
      now: new Date(),
    })) ?? (await listInSeries(bucket, what));
  return found.filter(({ key }) => !key.endsWith('/') && !key.startsWith(PROBES));
};

/** Real servers take 100 to 200 ms for a page, and this many at once without being asked to wait. */
const AT_ONCE = 8;

/** As the server itself goes on: for those whose keys come in no order. */
const listInSeries = async (bucket: Bucket, what: Place): Promise<ObjectInfo[]> => {
  const found: ObjectInfo[] = [];
  let next: string | undefined;
  do {
    const page = await pageOf(bucket, what, next === undefined ? {} : { ContinuationToken: next });
    found.push(...page.listed);
    next = page.next;
  } while (next !== undefined);
  return found;
};

interface Place {
  folder: string;
  MaxKeys?: number;
}

const pageOf = async (
  bucket: Bucket,
  { folder, ...page }: Place,
  from: { StartAfter?: string; ContinuationToken?: string },
): Promise<Page<ObjectInfo> & { next: string | undefined }> => {
  const { Bucket: name, Key: prefix } = bucket.place(folder === '' ? '' : `${folder}/`);
  const answer = await listPage(bucket, { ...{ Bucket: name, Prefix: prefix }, ...page, ...from });
  const listed = (answer.Contents ?? []).flatMap(({ Key, Size, LastModified }) => {
    const key = bucket.keyOf(Key);
    return key === null ? [] : [{ key, bytes: Size ?? 0, modifiedAt: LastModified ?? new Date(0) }];
  });
  const next = answer.NextContinuationToken;
  return { listed, more: next !== undefined || answer.IsTruncated === true, next };
};

/**
 * One page of a listing. Whatever answers in the server's stead (a proxy, a wireless network's front page) holds nothing in
 * the eyes of the SDK: that a bucket is empty is believed only of an answer that is a listing.
 */
export const listPage = (
  bucket: Bucket,
  what: ListObjectsV2CommandInput,
): Promise<ListObjectsV2CommandOutput> =>
  bucket.ask(async (s3, options) => {
    const page = await s3.listObjectsV2(what, options);
    if ((page.Name ?? page.KeyCount ?? page.IsTruncated) !== undefined) return page;
    throw Object.assign(new Error('no listing'), { $metadata: page.$metadata });
  });

/** What `check` writes begins with this. */
export const PROBES = '.probe-';

/** Where nothing called `folder/<one more>/name` lies in between: so the thousands of entries of a log are stepped over. */
const beforeNext = (key: string, folder: string, name: string): string => {
  const start = folder === '' ? '' : `${folder}/`;
  const end = key.indexOf('/', start.length);
  if (end < 0) return key;
  const wanted = `${key.slice(0, end)}/${name}`;
  const before = key < wanted ? wanted.slice(0, -1) : `${key.slice(0, end)}/~`;
  return before > key ? before : key;
};
