// A stream into a restic repository, as one snapshot. restic would also save what a producer wrote before it died: so its
// input ends only when the stream does, and that one ends only when every program ended well.
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { runPipeline } from '../../tools/process.js';
import { resticStore } from '../../tools/restic.js';
import { type ResticSummary, resticSummary } from '../../tools/restic-output.js';
import type { RunContext } from '../../tools/run-context.js';
import type { Digest } from '../hash.js';
import { inRestic } from './failure.js';
import type { ResticSession } from './session.js';
import { learn } from './snapshots.js';
import { labelsOf } from './tags.js';

/** Counts and hashes what passes. */
export const hashing = () => {
  const hash = createHash('sha256');
  let bytes = 0;
  return {
    see: (chunk: Buffer): void => {
      hash.update(chunk);
      bytes += chunk.length;
    },
    bytes: () => bytes,
    digest: (): Digest => ({ bytes, sha256: hash.copy().digest('hex') }),
  };
};

export interface StreamLabels {
  key: string;
  tags: readonly string[];
}

/**
 * null: there were no bytes, which restic takes for an error, and nothing is stored. Whoever gives the bytes watches for a
 * stall: a source that waits is no fault of restic's.
 */
export const storeStream = (
  session: ResticSession,
  { key, tags }: StreamLabels,
  { bytes, run }: { bytes: AsyncIterable<Buffer>; run: Pick<RunContext, 'signal' | 'processes'> },
): Promise<ResticSummary | null> =>
  inRestic(session.settings, async () => {
    const some = await unlessEmpty(bytes);
    if (some === null) return null;
    const labels = labelsOf([key], tags);
    let answer = '';
    await runPipeline([resticStore(await session.place(), key, labels)], {
      signal: run.signal,
      processes: run.processes,
      stallTimeoutMs: 0,
      input: Readable.from(some, { objectMode: false, highWaterMark: 1 << 20 }),
      consume: async (stdout) => {
        answer = await text(stdout);
      },
    });
    const summary = resticSummary(answer);
    await learn(session, summary.id, labels);
    return summary;
  });

const unlessEmpty = async (bytes: AsyncIterable<Buffer>): Promise<AsyncIterable<Buffer> | null> => {
  const chunks = bytes[Symbol.asyncIterator]();
  const first = await chunks.next();
  if (first.done === true) return null;
  async function* all(): AsyncGenerator<Buffer> {
    yield first.value;
    yield* { [Symbol.asyncIterator]: () => chunks };
  }
  return all();
};
