// Single objects of a bucket: what is known of one, small ones read and put, and their removal.
import type { HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import type { S3Settings } from '../../config/config.js';
import { Failure } from '../../domain/failure.js';
import { NAME_PATTERN } from '../../domain/names.js';
import type { Bucket } from './bucket.js';
import { called, isAnswer, nullWhenMissing } from './failure.js';

export interface ObjectFacts {
  bytes: number;
  /** As whoever stored it announced it; null where nobody did. */
  sha256: string | null;
  /** The server's own, of the whole object or of its parts; null where it gives none. */
  checksum: string | null;
  /** Until then nobody removes it. */
  heldUntil: Date | 'further notice' | null;
}

/** null when there is none. */
export const headOf = async (
  bucket: Bucket,
  key: string,
  signal?: AbortSignal,
): Promise<ObjectFacts | null> => {
  const found = await bucket
    .ask((s3, options) => s3.headObject({ ...bucket.place(key), ChecksumMode: 'ENABLED' }, options), signal)
    .catch(nullWhenMissing);
  if (found === null) return null;
  return {
    bytes: found.ContentLength ?? 0,
    sha256: found.Metadata?.sha256 ?? null,
    checksum: found.ChecksumSHA256 ?? null,
    heldUntil: heldUntil(found),
  };
};

const heldUntil = (found: HeadObjectCommandOutput): ObjectFacts['heldUntil'] => {
  if (found.ObjectLockLegalHoldStatus === 'ON') return 'further notice';
  const until = found.ObjectLockRetainUntilDate;
  return until !== undefined && until.getTime() > Date.now() ? until : null;
};

export const getSmall = async (bucket: Bucket, key: string): Promise<Buffer | null> =>
  await bucket
    .ask(async (s3, options) => {
      const { Body } = await s3.getObject(bucket.place(key), options);
      return Buffer.from((await Body?.transformToByteArray()) ?? []);
    })
    .catch(nullWhenMissing);

const RACES = 5;

/**
 * Puts a small object where none is; equal bytes are success. It looks first, so that only two at the very same moment
 * could overwrite each other, and only on a server that does not know conditional puts.
 */
export const putSmall = async (bucket: Bucket, key: string, bytes: Buffer): Promise<void> => {
  for (let race = 1; ; race++) {
    const there = await getSmall(bucket, key);
    if (there?.equals(bytes)) return;
    if (there !== null) throw alreadyThere(bucket.settings, key);
    try {
      await putNew(bucket, key, bytes);
      return await requireLength(bucket, key, bytes.length);
    } catch (error) {
      if (race === RACES || !isAnswer(error, 'PreconditionFailed', '412', 'ConditionalRequestConflict'))
        throw error;
    }
  }
};

/** Where the server knows no conditional puts, and says so, it is put without. */
const putNew = async (bucket: Bucket, key: string, bytes: Buffer): Promise<void> => {
  try {
    await putOnlyNew(bucket, key, bytes);
  } catch (error) {
    if (!isAnswer(error, 'NotImplemented', '501')) throw error;
    await putObject(bucket, key, { Body: bytes });
  }
};

/** The answer is PreconditionFailed where something is. */
export const putOnlyNew = (bucket: Bucket, key: string, bytes: Buffer): Promise<void> =>
  putObject(bucket, key, { Body: bytes, IfNoneMatch: '*' });

const putObject = async (
  bucket: Bucket,
  key: string,
  how: { Body: Buffer; IfNoneMatch?: string },
): Promise<void> => {
  const input = { ...bucket.place(key), ...how, ...protectionOf(bucket.settings, key) };
  await bucket.ask((s3, options) => s3.putObject({ ...input, ChecksumAlgorithm: 'SHA256' }, options));
};

/** Some servers keep what arrived of a broken connection, and say that all is well. */
export const requireLength = async (bucket: Bucket, key: string, bytes: number): Promise<void> => {
  const found = await headOf(bucket, key);
  if (found?.bytes === bytes) return;
  await deleteObject(bucket, key).catch(() => undefined);
  throw stump(bucket.settings, key, { stored: found?.bytes ?? 0, bytes });
};

const stump = (
  settings: S3Settings,
  key: string,
  { stored, bytes }: { stored: number; bytes: number },
): Failure =>
  new Failure(
    'REPOSITORY_UNREACHABLE',
    `${called(settings)}: of ${key} it kept ${stored} of ${bytes} bytes, and said that all is well`,
    { hint: 'look at the server: it does not keep what it confirms', retryable: true },
  );

const alreadyThere = (settings: S3Settings, key: string): Failure =>
  new Failure('OPERATION_LOST', `${called(settings)}: ${key} is there already, with other contents`, {
    hint: 'two agents write to one folder: give each deployment a name or a repository of its own',
  });

/** `edms/20260111T224748Z-full-3f9a/…`, and not what doctor tries out. */
const isOfBackup = (key: string): boolean => {
  const [deployment = '', ...others] = key.split('/');
  return others.length >= 2 && NAME_PATTERN.test(deployment);
};

/** Encryption for everything; the lock only for what belongs to a backup. */
export const protectionOf = ({ serverSideEncryption, objectLock }: S3Settings, key: string) => ({
  ...(serverSideEncryption === null
    ? {}
    : {
        ServerSideEncryption: serverSideEncryption.algorithm,
        ...(serverSideEncryption.key === null ? {} : { SSEKMSKeyId: serverSideEncryption.key }),
      }),
  ...(objectLock === null || !isOfBackup(key)
    ? {}
    : {
        ObjectLockMode: objectLock.mode,
        ObjectLockRetainUntilDate: new Date(Date.now() + objectLock.forMs),
      }),
});

/** Gone already is fine. Failure OBJECT_LOCKED when it is held: it is not even tried then. */
export const removeObject = async (bucket: Bucket, key: string): Promise<void> => {
  const found = await headOf(bucket, key);
  if (found === null) return;
  if (found.heldUntil === null) return await deleteObject(bucket, key);
  const until = found.heldUntil instanceof Date ? found.heldUntil.toISOString() : found.heldUntil;
  throw new Failure('OBJECT_LOCKED', `${called(bucket.settings)}: ${key} is locked until ${until}`);
};

/** What `check` writes is never locked by holdfast; what a bucket's own rule keeps of it is hidden at least. */
export const removeProbe = (bucket: Bucket, key: string): Promise<void> => deleteObject(bucket, key);

const deleteObject = async (bucket: Bucket, key: string): Promise<void> => {
  await bucket
    .ask((s3, options) => s3.deleteObject(bucket.place(key), options))
    .catch((error: unknown) => void nullWhenMissing(error));
};
