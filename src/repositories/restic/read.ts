// The bytes of an object out of a restic repository: each part by `restic dump`, one after the other.
import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { Failure } from '../../domain/failure.js';
import type { Command } from '../../tools/command.js';
import { NOT_REGISTERED, runPipeline } from '../../tools/process.js';
import { resticDump } from '../../tools/restic.js';
import { readsInVain } from '../../tools/restic-failures.js';
import { tarToStdout } from '../../tools/tar.js';
import { inRestic } from './failure.js';
import type { HeldObject } from './held.js';
import { shared } from './locks.js';
import { rememberedSmall, rememberSmall } from './memory.js';
import { type ResticSession, unlock } from './session.js';
import type { Part } from './tags.js';
import { isWritable } from './writable.js';

/** From `offset`: parts before it are not read; of the one it falls into the beginning is read and left out. */
export const readObject = (session: ResticSession, object: HeldObject, offset = 0): Readable =>
  Readable.from(bytesFrom(session, object, offset), { objectMode: false, highWaterMark: 1 << 20 });

/** All of it, once. */
export const readSmall = async (session: ResticSession, object: HeldObject): Promise<Buffer> => {
  const known = await rememberedSmall(session, object);
  if (known !== undefined) return known;
  const bytes = await buffer(readObject(session, object));
  await rememberSmall(session, object, bytes);
  return bytes;
};

async function* bytesFrom(
  session: ResticSession,
  { key, id, bytes, parts }: HeldObject,
  offset: number,
): AsyncGenerator<Buffer> {
  let before = 0;
  for (const part of parts ?? [{ id, bytes, form: 'stream' as const }]) {
    const skip = Math.max(0, offset - before);
    if (skip < part.bytes) yield* withoutFirst(readPart(session, key, part), skip);
    before += part.bytes;
  }
}

async function* withoutFirst(chunks: AsyncIterable<Buffer>, skip: number): AsyncGenerator<Buffer> {
  let left = skip;
  for await (const chunk of chunks) {
    if (left < chunk.length) yield left === 0 ? chunk : chunk.subarray(left);
    left = Math.max(0, left - chunk.length);
  }
}

/** A folder’s archive holds the pieces in the order of their names: put together they are the stream again. */
async function* readPart(session: ResticSession, key: string, part: Part): AsyncGenerator<Buffer> {
  const place = await session.place();
  const locked = await isWritable(session.settings);
  const programs =
    part.form === 'folder'
      ? [resticDump(place, { snapshot: part.id, path: '/', locked }), tarToStdout()]
      : [resticDump(place, { snapshot: part.id, path: key, locked })];
  yield* printed(session, programs);
}

/** What programs print; it ends only when they ended well. Whoever stops reading ends them. */
async function* printed(session: ResticSession, programs: readonly Command[]): AsyncGenerator<Buffer> {
  const reading = new AbortController();
  const { signal } = reading;
  const stream = new PassThrough({ highWaterMark: 1 << 20 });
  const consume = async (stdout: Readable): Promise<void> => {
    for await (const chunk of stdout) if (!stream.write(chunk)) await once(stream, 'drain', { signal });
  };
  const { local } = await session.place();
  const onStderrLine = (_program: string, line: string): void => {
    if (local && readsInVain(line)) reading.abort(cutOrGone(line));
  };
  const options = { processes: NOT_REGISTERED, stallTimeoutMs: 0, signal, consume, onStderrLine };
  let byItself = false;
  const running = inRestic(session.settings, () =>
    shared(session.settings.repository, () => runPipeline(programs, options)),
  ).then(
    () => {
      byItself = true;
      stream.end();
    },
    (error: Error) => {
      byItself = !signal.aborted;
      stream.destroy(error);
    },
  );
  try {
    yield* stream as AsyncIterable<Buffer>;
  } finally {
    reading.abort();
    await running;
    // restic that was ended leaves its lock. Elsewhere it stays until it is in somebody's way: the line may be what failed.
    if (!byItself && local) await unlock(session).catch(() => undefined);
  }
}

const cutOrGone = (line: string): Failure =>
  new Failure(
    'CORRUPT_ARTIFACT',
    `the restic repository lacks something or is damaged: ${line.replace(/ returned error, retrying after [^:]*/, '')}`,
    { evidence: line },
  );
