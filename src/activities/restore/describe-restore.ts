// What a restore will do, line by line, for the person who approves it.
import type { Deployment } from '../../config/config.js';
import type { NotInBackup } from '../../database/preflight-in-place.js';
import type { Manifest } from '../../domain/manifest.js';
import type { RestorePlan } from '../../domain/plans.js';
import type { RestoreRequest } from '../../domain/requests.js';
import type { ServiceUnit } from '../../services/service.js';
import type { Selection } from './restore-selection.js';

export const describeRestore = (
  manifest: Manifest,
  { databases, trees }: Selection,
  {
    deployment,
    repository,
    aside,
  }: { deployment: Deployment; repository: string; aside: NonNullable<RestorePlan['aside']> },
): string[] => [
  `backup ${manifest.id} of ${manifest.finishedAt.slice(0, 19).replace('T', ' ')} UTC, from repository ${repository}`,
  ...databases.map(
    (facts) =>
      `database ${facts.name} (${facts.database}): ${facts.tables.length} tables, ${sum(facts.tables.map(({ rows }) => rows))} rows, ${megabytes(facts.bytes)}`,
  ),
  ...trees.map((tree) => {
    const beside = aside.find((one) => one.tree === tree.name);
    const to = beside === undefined ? pathOf(deployment, tree.name) : `${beside.path}, beside what is there`;
    return `files ${tree.name}: ${tree.files} files, ${megabytes(tree.bytes)}, to ${to}`;
  }),
];

export const swapLines = (deployment: Deployment): string[] => [
  'restored beside the live data and compared first; then swapped in within a moment',
  `what is there now is kept for ${Math.round(deployment.keepPreviousMs / 3_600_000)} h: holdfast undo ${deployment.name}`,
];

/** @param safety the safety backup's id; empty: none is made */
export const inPlaceLines = (
  deployment: string,
  safety: string,
  { stay, partitions }: NotInBackup,
): string[] => [
  'restored in place: what the backup holds is dropped in the live database and made anew, in one transaction for each database',
  'other sessions wait meanwhile, and see all of the old data or all of the new',
  ...(stay.length === 0 ? [] : [`not in the backup, and stay as they are: ${someOf(stay)}`]),
  ...(partitions.length === 0
    ? []
    : [`partitions that are not in the backup, and go with their table: ${someOf(partitions)}`]),
  safety === ''
    ? 'no safety backup, as asked: once a database is restored there is no way back'
    : `first a safety backup is made of what is there now; the way back: holdfast restore ${deployment} ${safety} --in-place`,
];

const someOf = (names: readonly string[]): string =>
  names.length <= 10 ? names.join(', ') : `${names.slice(0, 10).join(', ')} and ${names.length - 10} more`;

/** What happens to the application meanwhile. */
export const aroundLines = (
  { hooks, health }: Deployment,
  services: readonly ServiceUnit[],
  { leaveStopped }: Pick<RestoreRequest, 'leaveStopped'>,
): string[] => {
  const running = services.filter(({ state }) => state !== 'stopped').map(({ label }) => label);
  const idle = services.filter(({ state }) => state === 'stopped').map(({ label }) => label);
  const then = leaveStopped ? 'left stopped, as asked' : 'started again after it';
  return [
    ...(running.length === 0 ? [] : [`stopped for the swap, in this order: ${running.join(', ')}; ${then}`]),
    ...(idle.length === 0 ? [] : [`stopped already, and stay so: ${idle.join(', ')}`]),
    ...hooks.afterRestore.map((argv) => `run after the swap: ${argv.join(' ')}`),
    ...(health.checks.length === 0 || leaveStopped
      ? []
      : [
          `rolled back unless it is healthy within ${health.withinMs / 1000} s (checks: ${health.checks.length})`,
        ]),
  ];
};

const pathOf = (deployment: Deployment, tree: string): string =>
  deployment.trees.find(({ name }) => name === tree)?.path ?? '';

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
