// The lines at the bottom of a terminal while a run goes on: what runs now, how far it is, how fast it goes.
import type { TransferHeartbeat } from '../../domain/progress.js';
import type { RunView } from '../run-view.js';
import { formatBytes, formatDuration } from './format.js';
import { rateOf, type Samples } from './rates.js';

export interface LiveState {
  view: RunView;
  samples: Samples;
  /** The agent does not answer at this moment. */
  silent: boolean;
  elapsedMs: number;
  cancelling: boolean;
  width: number;
}

export const liveLines = (state: LiveState): string[] => {
  const { view, samples, elapsedMs, width } = state;
  const transfers = view.pending.flatMap(({ transfer }) => transfer ?? []);
  const column = Math.max(0, ...transfers.map(({ source }) => source.length));
  return [
    ...runningSteps(view).map((step) => `  ${step}`),
    ...transfers.map((transfer) => `    ${transferLine(transfer, column, rateOf(samples, transfer.source))}`),
    `  ${formatDuration(elapsedMs)}${SEPARATOR}${lastWord(state)}`,
  ].map((line) => cut(line, width - 1));
};

const SEPARATOR = ' · ';

const runningSteps = ({ progress }: RunView): string[] =>
  (progress?.steps ?? [])
    .filter(({ state }) => state === 'running')
    .map(({ name, detail }) => (detail === '' ? name : `${name}: ${detail}`));

/** `database.main   412 MB of 1.9 GB   21 %   96.4 MB/s`. */
const transferLine = (
  { source, bytes, expected, words }: TransferHeartbeat,
  column: number,
  rate: number | null,
): string =>
  [
    source.padEnd(column),
    ...(words === undefined ? [amounts(bytes, expected)] : [words]),
    ...(expected > 0 ? [`${Math.min(99, Math.floor((bytes / expected) * 100))} %`] : []),
    ...(rate === null ? [] : [`${formatBytes(Math.round(rate))}/s`]),
  ].join('   ');

const amounts = (bytes: number, expected: number): string =>
  expected > 0 ? `${formatBytes(bytes)} of ${formatBytes(expected)}` : formatBytes(bytes);

const lastWord = ({ view, silent, cancelling }: LiveState): string => {
  if (silent) return 'waiting for the agent to answer';
  if (cancelling) return 'cancelling: what was begun is undone';
  return view.progress?.phase === 'rolling back' ? 'rolling back' : 'Ctrl-C cancels';
};

const cut = (line: string, width: number): string =>
  line.length <= width ? line : `${line.slice(0, Math.max(0, width - 1))}…`;
