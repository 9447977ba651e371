// One run of restic's copy, watched: it says how far it is in packs, which are too large to tell a slow line from a dead one.
// What the process reads and writes is what shows that it is alive.
import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { Failure } from '../../domain/failure.js';
import type { Command } from '../../tools/command.js';
import { runPipeline } from '../../tools/process.js';
import type { ReceiveContext } from '../repository.js';
import { shared } from './locks.js';
import type { ResticSession } from './session.js';

interface CopyRun extends Pick<ReceiveContext, 'signal' | 'stallTimeoutMs' | 'onProgress'> {
  /** Of the whole artifact. */
  bytes: number;
  between: readonly [ResticSession, ResticSession];
}

/** Failure STALLED when it neither read nor wrote anything for so long. */
export const runCopy = async (command: Command, run: CopyRun): Promise<void> => {
  const stalled = new AbortController();
  const watch = watchBytes(run.stallTimeoutMs, () => stalled.abort(stallOf(run.stallTimeoutMs)));
  const [one, other] = run.between.map(({ settings }) => settings.repository);
  const options = {
    signal: AbortSignal.any([run.signal, stalled.signal]),
    processes: { started: async (pid: number) => watch.begin(pid), ended: async () => watch.end() },
    stallTimeoutMs: 0,
    consume: (stdout: Readable) => report(stdout, run),
  };
  try {
    await shared(one ?? '', () => shared(other ?? '', () => runPipeline([command], options)));
  } finally {
    watch.end();
  }
};

/** `[0:01] 60.00%  3 / 5 packs copied`, a snapshot at a time. */
const PACKS = /(\d+) \/ (\d+) packs/g;

const report = async (stdout: Readable, { bytes, onProgress }: CopyRun): Promise<void> => {
  let most = 0;
  for await (const chunk of stdout as AsyncIterable<Buffer>) {
    const said = [...chunk.toString('latin1').matchAll(PACKS)].at(-1);
    if (said === undefined) continue;
    most = Math.max(most, Math.min(1, Number(said[1]) / Number(said[2])));
    onProgress?.(Math.floor(bytes * most));
  }
};

/** Less than this in a whole period is what a process does that waits. Bytes. */
const SIGN_OF_LIFE = 64 << 10;

/** @param periodMs 0 = never */
const watchBytes = (periodMs: number, stalled: () => void) => {
  let timer: NodeJS.Timeout | undefined;
  const end = (): void => clearInterval(timer);
  const begin = (pid: number): void => {
    if (periodMs === 0) return;
    let before = 0;
    timer = setInterval(async () => {
      const now = await bytesPassed(pid);
      if (now !== null && now - before < SIGN_OF_LIFE) stalled();
      before = now ?? before;
    }, periodMs);
  };
  return { begin, end };
};

/** null: it is gone. */
const bytesPassed = async (pid: number): Promise<number | null> => {
  const counters = await readFile(`/proc/${pid}/io`, 'utf8').catch(() => null);
  if (counters === null) return null;
  const [read = '0', written = '0'] = [...counters.matchAll(/^[rw]char: (\d+)$/gm)].map(([, count]) => count);
  return Number(read) + Number(written);
};

const stallOf = (stallTimeoutMs: number): Failure =>
  new Failure('STALLED', `restic copied nothing for ${Math.round(stallTimeoutMs / 100) / 10} s`, {
    hint: 'look at the network and at both repositories',
  });
