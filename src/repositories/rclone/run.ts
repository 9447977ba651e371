// Runs rclone for a repository: its short answers, and what goes wrong in the repository's name.
import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { RcloneSettings } from '../../config/config.js';
import type { Command } from '../../tools/command.js';
import { NOT_REGISTERED, type PipelineOptions, runPipeline } from '../../tools/process.js';

/** rclone gives up by itself on a server that is silent; one that trickles is given up here. */
const ANSWER_WITHIN_MS = 30 * 60_000;

/** Its stdout as bytes; null when it said that the object is missing. */
export const rcloneAnswer = async (
  settings: RcloneSettings,
  command: Command,
  options: Partial<Pick<PipelineOptions, 'signal' | 'input'>> = {},
): Promise<Buffer | null> => {
  let answer: Buffer = Buffer.alloc(0);
  const deadline = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const [ended] = await runPipeline([onRemote(settings, command)], {
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

/** Its failures say which repository they are about. */
export const onRemote = ({ name, remote }: RcloneSettings, command: Command): Command => ({
  ...command,
  writesInto: `repository ${name} at ${remote}`,
});

/** What rclone prints, as a stream that ends only when rclone ended well; to destroy the stream ends rclone. */
export const rcloneStream = (settings: RcloneSettings, command: Command): Readable => {
  const reading = new AbortController();
  const { signal } = reading;
  const stream = new PassThrough({ highWaterMark: 1 << 20 });
  stream.once('close', () => reading.abort());
  const consume = async (stdout: Readable): Promise<void> => {
    for await (const chunk of stdout) if (!stream.write(chunk)) await once(stream, 'drain', { signal });
  };
  const options = { processes: NOT_REGISTERED, stallTimeoutMs: 0, signal, consume };
  runPipeline([onRemote(settings, command)], options).then(
    () => stream.end(),
    (error) => stream.destroy(error),
  );
  return stream;
};
