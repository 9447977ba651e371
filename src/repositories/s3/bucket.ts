// The way to a bucket: the client, made when it is first needed, with timeouts and retries; and what names an object.
import { Readable } from 'node:stream';
import type { S3, S3ClientConfig } from '@aws-sdk/client-s3';
import type { S3Settings } from '../../config/config.js';
import { silenceVersionWarning } from '../../config/quiet-sdk.js';
import { resolveSecret } from '../../config/secrets.js';
import { runForSecret } from '../../tools/run-for-secret.js';
import { atPace, type Pace, unhurried } from '../unhurried.js';
import { s3Failure } from './failure.js';

/** How long a server may take. Milliseconds. */
export interface Patience {
  connectMs: number;
  /** Without a byte in either direction. */
  idleMs: number;
  attempts: number;
}

const PATIENCE: Patience = { connectMs: 10_000, idleMs: 60_000, attempts: 5 };

export interface Bucket {
  settings: S3Settings;
  /** Bucket and key of an object of this repository. */
  place(key: string): { Bucket: string; Key: string };
  /** The key that `place` would give this one; null for what is not this repository's. */
  keyOf(full: string | undefined): string | null;
  /** One request. Every error is a Failure of this repository, an aborted one the signal's reason. */
  ask<T>(
    request: (s3: S3, options: { abortSignal?: AbortSignal }) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T>;
}

/** @param bandwidth bytes that all its requests together may send in a second */
export const bucketOf = (settings: S3Settings, patience: Patience = PATIENCE, bandwidth?: number): Bucket => {
  let client: Promise<S3> | undefined;
  const start = settings.prefix === '' ? '' : `${settings.prefix}/`;
  return {
    settings,
    place: (key) => ({ Bucket: settings.bucket, Key: `${start}${key}` }),
    keyOf: (full) => (full?.startsWith(start) ? full.slice(start.length) : null),
    ask: async (request, signal) => {
      signal?.throwIfAborted();
      client ??= connect(settings, patience, bandwidth);
      try {
        return await request(await client, signal === undefined ? {} : { abortSignal: signal });
      } catch (error) {
        signal?.throwIfAborted();
        throw s3Failure(settings, error);
      }
    },
  };
};

/** The same bucket for as long as something goes on: the signal ends every request, also one that hangs. */
export const during = (bucket: Bucket, signal: AbortSignal): Bucket => ({
  ...bucket,
  ask: (request, other) =>
    bucket.ask(request, other === undefined ? signal : AbortSignal.any([signal, other])),
});

/** For what is cleared away after a failure: soon enough, even when the server hangs. */
export const forCleaningUp = (bucket: Bucket): Bucket => during(bucket, AbortSignal.timeout(CLEAN_UP_MS));

const CLEAN_UP_MS = 10_000;

/** Loaded here only: commands that need no bucket start faster without it. */
const connect = async (
  settings: S3Settings,
  patience: Patience,
  bandwidth: number | undefined,
): Promise<S3> => {
  silenceVersionWarning();
  const { S3 } = await import('@aws-sdk/client-s3');
  const client = new S3({
    region: settings.region,
    forcePathStyle: settings.forcePathStyle,
    followRegionRedirects: settings.endpoint === null,
    maxAttempts: patience.attempts,
    requestHandler: { connectionTimeout: patience.connectMs, socketTimeout: patience.idleMs },
    ...(settings.endpoint === null ? {} : { endpoint: settings.endpoint }),
    ...credentialsOf(settings),
    logger: SILENT,
  });
  client.middlewareStack.add(signWithKnownHash, { step: 'build', name: 'signWithKnownHash' });
  if (bandwidth !== undefined)
    client.middlewareStack.add(sendSlowly(unhurried(bandwidth)), { step: 'deserialize', name: 'sendSlowly' });
  return client;
};

const credentialsOf = (settings: S3Settings): Pick<S3ClientConfig, 'credentials'> => {
  const { name, accessKeyId, secretAccessKey } = settings;
  if (accessKeyId === null || secretAccessKey === null) return {};
  const resolved = (reference: string, key: string) =>
    resolveSecret(reference, { path: `repositories.${name}.s3.${key}`, run: runForSecret });
  return {
    credentials: async () => ({
      accessKeyId: await resolved(accessKeyId, 'accessKeyId'),
      secretAccessKey: await resolved(secretAccessKey, 'secretAccessKey'),
    }),
  };
};

/** The signature needs the body's SHA-256 too: where it is sent as the checksum anyway, it is not computed again. */
const signWithKnownHash =
  <Input, Output>(next: (args: Input) => Promise<Output>) =>
  (args: Input): Promise<Output> => {
    const headers = headersOf(args);
    const known = headers?.['x-amz-checksum-sha256'];
    if (headers !== undefined && known !== undefined)
      headers['x-amz-content-sha256'] = Buffer.from(known, 'base64').toString('hex');
    return next(args);
  };

/** Each attempt's body, once it is signed. What the SDK writes itself is text, and short. */
const sendSlowly =
  (pace: Pace) =>
  <Input, Output>(next: (args: Input) => Promise<Output>) =>
  (args: Input): Promise<Output> => {
    const { request } = args as { request: { body?: unknown } };
    if (!Buffer.isBuffer(request.body)) return next(args);
    const body = atPace(Readable.from([request.body], { objectMode: false }), pace);
    const slow = Object.assign(Object.create(Object.getPrototypeOf(request)), request, { body });
    return next({ ...args, request: slow });
  };

const headersOf = (args: unknown): Record<string, string> | undefined =>
  (args as { request?: { headers?: Record<string, string> } }).request?.headers;

const nothing = (): void => undefined;
const SILENT = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };
