// Whether a bucket can be used: something small is written, read back, tried to be overwritten, listed and removed.
import { randomBytes } from 'node:crypto';
import { Failure } from '../../domain/failure.js';
import type { Bucket } from './bucket.js';
import { called, isAnswer } from './failure.js';
import { listPage, PROBES } from './listing.js';
import { getSmall, putOnlyNew, putSmall, removeProbe } from './object.js';

export const checkBucket = async (bucket: Bucket): Promise<void> => {
  await removeOldProbes(bucket);
  const key = probe();
  const bytes = Buffer.from(key);
  try {
    await putSmall(bucket, key, bytes);
    if (!(await getSmall(bucket, key))?.equals(bytes))
      throw unsound(bucket, 'does not give back what it took');
    if (!(await probesIn(bucket)).includes(key)) throw unsound(bucket, 'does not list what it took');
    await refusesOthers(bucket, key);
  } finally {
    await removeProbe(bucket, key);
  }
  if ((await getSmall(bucket, key)) !== null) throw unsound(bucket, 'does not remove what it is told to');
};

const probe = (): string => `${PROBES}${Date.now()}-${randomBytes(6).toString('hex')}`;

/** Whether the server itself refuses to overwrite, also when two put at the very same moment. */
export const knowsConditionalPuts = async (bucket: Bucket): Promise<boolean> => {
  const key = probe();
  try {
    await putOnlyNew(bucket, key, Buffer.from('first'));
    await putOnlyNew(bucket, key, Buffer.from('second'));
    return false;
  } catch (error) {
    if (isAnswer(error, 'PreconditionFailed', '412')) return true;
    if (isAnswer(error, 'NotImplemented', '501')) return false;
    throw error;
  } finally {
    await removeProbe(bucket, key);
  }
};

const refusesOthers = async (bucket: Bucket, key: string): Promise<void> => {
  const refused = await putSmall(bucket, key, Buffer.from('other')).then(
    () => false,
    (error: unknown) => {
      if (error instanceof Failure && error.code === 'OPERATION_LOST') return true;
      throw error;
    },
  );
  if (!refused) throw unsound(bucket, 'overwrote what was there');
};

const HOUR = 3_600_000;

/** Those of checks that were killed. */
const removeOldProbes = async (bucket: Bucket): Promise<void> => {
  for (const key of await probesIn(bucket)) {
    const at = Number(key.slice(PROBES.length).split('-')[0]);
    if (Date.now() - at > HOUR) await removeProbe(bucket, key);
  }
};

const probesIn = async (bucket: Bucket): Promise<string[]> => {
  const { Bucket: name, Key: prefix } = bucket.place(PROBES);
  const { Contents } = await listPage(bucket, { Bucket: name, Prefix: prefix });
  return (Contents ?? []).flatMap(({ Key }) => bucket.keyOf(Key) ?? []);
};

const unsound = (bucket: Bucket, why: string): Failure =>
  new Failure('REPOSITORY_UNREACHABLE', `${called(bucket.settings)}: the server ${why}`, {
    hint: 'use a server that keeps to S3’s rules',
    retryable: false,
  });
