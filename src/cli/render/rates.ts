// How fast bytes move, from what heartbeats said over the last seconds.
import type { TransferHeartbeat } from '../../domain/progress.js';

const WINDOW_MS = 10_000;

interface Sample {
  at: number;
  bytes: number;
}

export type Samples = ReadonlyMap<string, readonly Sample[]>;

/** Adds what is known now; a source that started again or is gone loses what was known before. */
export const addSamples = (samples: Samples, transfers: readonly TransferHeartbeat[], now: number): Samples =>
  new Map(
    transfers.map(({ source, bytes }) => [source, extended(samples.get(source) ?? [], { at: now, bytes })]),
  );

/** Bytes per second; null until two heartbeats differ. */
export const rateOf = (samples: Samples, source: string): number | null => {
  const known = samples.get(source) ?? [];
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined || last.at === first.at) return null;
  return ((last.bytes - first.bytes) / (last.at - first.at)) * 1000;
};

/** Heartbeats arrive more rarely than we look: only a change is a sample. */
const extended = (known: readonly Sample[], sample: Sample): readonly Sample[] => {
  const last = known.at(-1);
  if (last === undefined || sample.bytes < last.bytes) return [sample];
  if (sample.bytes === last.bytes) return known;
  const recent = known.filter(({ at }, index) => at >= sample.at - WINDOW_MS || index === known.length - 1);
  return [...recent, sample];
};
