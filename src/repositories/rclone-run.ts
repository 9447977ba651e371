// Runs rclone for a repository: its short answers, and what goes wrong in the repository's name.
import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { RcloneSettings } from '../config/config.js';
import { Failure } from '../domain/failure.js';
import type { Command } from '../tools/command.js';
import { type PipelineOptions, type ProcessRegister, runPipeline } from '../tools/process.js';

/** rclone gives up by itself on a server that is silent; one that trickles is given up here. */
const ANSWER_WITHIN_MS = 30 * 60_000;

export const NOT_REGISTERED: ProcessRegister = { started: async () => {}, ended: async () => {} };

/** Its stdout as bytes; null when it said that the object is missing. */
export const rcloneAnswer = async (
  command: Command,
  options: Partial<Pick<PipelineOptions, 'signal' | 'input'>> = {},
): Promise<Buffer | null> => {
  let answer: Buffer = Buffer.alloc(0);
  const deadline = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const [ended] = await runPipeline([command], {
    processes: NOT_REGISTERED,
    stallTimeoutMs: 0,
    ...options,
    signal: options.signal === undefined ? deadline : AbortSignal.any([deadline, options.signal]),
    consume: async (stdout) => {
      answer = await buffer(stdout);
    },
  });
  return ended?.exitCode === 0 ? answer : null;
};

/** A small object as rclone's stdin. An empty one, too, is a stream that ends. */
export const inputOf = (bytes: Buffer): Readable =>
  Readable.from(bytes.length === 0 ? [] : [bytes], { objectMode: false });

/** Failures of rclone say which repository they are about. */
export const inRclone = async <T>({ name, remote }: RcloneSettings, act: () => Promise<T>): Promise<T> => {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof Failure) || !RENAMED.has(error.code)) throw error;
    const code = error.code === 'TOOL_FAILED' ? 'REPOSITORY_UNREACHABLE' : error.code;
    throw new Failure(code, `repository ${name} at ${remote}: ${error.message}`, {
      hint: error.code === 'TOOL_FAILED' ? undefined : error.hint,
      retryable: error.retryable,
      evidence: error.evidence,
      cause: error,
    });
  }
};

const RENAMED = new Set(['TOOL_FAILED', 'REPOSITORY_UNREACHABLE', 'DISK_FULL', 'CONFIG_INVALID']);

/** What rclone prints, as a stream that ends only when rclone ended well; to destroy the stream ends rclone. */
export const rcloneStream = (settings: RcloneSettings, command: Command): Readable => {
  const reading = new AbortController();
  const { signal } = reading;
  const stream = new PassThrough({ highWaterMark: 1 << 20 });
  stream.once('close', () => reading.abort());
  const consume = async (stdout: Readable): Promise<void> => {
    for await (const chunk of stdout) if (!stream.write(chunk)) await once(stream, 'drain', { signal });
  };
  inRclone(settings, () =>
    runPipeline([command], { processes: NOT_REGISTERED, stallTimeoutMs: 0, signal, consume }),
  ).then(
    () => stream.end(),
    (error) => stream.destroy(error),
  );
  return stream;
};
