// The last words about a run, in a line or three.
import type { BackupResult, RestoreResult } from '../../domain/progress.js';
import { countOf, formatBytes, formatDuration, formatTime } from './format.js';

/** `1.9 GB in 3 artifacts, gap 350 ms, took 12.4 s`. */
export const backupLine = ({ bytes, artifacts, gapMs, durationMs }: BackupResult): string =>
  [
    `${formatBytes(bytes)} in ${countOf(artifacts, 'artifact')}`,
    ...(gapMs > 0 ? [`gap ${formatDuration(gapMs)}`] : []),
    `took ${formatDuration(durationMs)}`,
  ].join(', ');

/** Runs of versions without copies say nothing of them. */
export const missingCopiesLines = ({ deployment, copies = [] }: Partial<BackupResult>): string[] =>
  copies.map(({ repository, state }) =>
    state === 'missing'
      ? `no copy in ${repository} yet: holdfast copy ${deployment}`
      : `being copied to ${repository}: holdfast watch holdfast.${deployment}.copy`,
  );

/** What an undo put back is not the backup's: it is what the restore of that backup had replaced. */
export const undoLines = (result: RestoreResult): string[] => [
  `undone: ${result.deployment} holds again what the last restore had replaced: ${restoredParts(result)}`,
  ...restoreLines(result).slice(1),
];

export const restoreLines = (result: RestoreResult): string[] => [
  `restored ${result.deployment} from ${result.backup}: ${restoredParts(result)}`,
  ...(result.safety === ''
    ? []
    : [
        `what was replaced is in the safety backup ${result.safety}: holdfast restore ${result.deployment} ${result.safety} --in-place`,
      ]),
  // Runs of earlier versions say nothing of it.
  ...((result.unsigned ?? '') === '' ? [] : [`restored as asked although it is ${result.unsigned}`]),
  `${result.leftStopped.length > 0 ? 'swapped after' : 'down for'} ${formatDuration(result.downtimeMs)}, took ${formatDuration(result.durationMs)}`,
  ...(result.leftStopped.length > 0 ? [`stopped, as asked: ${result.leftStopped.join(', ')}`] : []),
  ...(result.aside ?? []).map(
    ({ tree, path }) => `files ${tree} lie in ${path}; nothing of it was put in place`,
  ),
  ...(result.elsewhere ?? []),
  ...(result.health === 'not checked'
    ? []
    : [result.health === 'healthy' ? 'healthy' : 'unhealthy, as it was before the restore']),
  ...(result.previousUntil === ''
    ? []
    : [
        `what was replaced is kept until ${formatTime(result.previousUntil)}: holdfast undo ${result.deployment}`,
      ]),
];

const restoredParts = ({ databases, trees }: RestoreResult): string =>
  [...databases.map((name) => `database ${name}`), ...trees.map((name) => `files ${name}`)].join(', ');
