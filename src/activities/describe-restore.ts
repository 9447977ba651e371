// What a restore will do, line by line, for the person who approves it.
import type { Deployment } from '../config/config.js';
import type { Manifest } from '../domain/manifest.js';
import type { RestoreRequest } from '../domain/requests.js';
import type { ServiceUnit } from '../services/service.js';
import type { Selection } from './restore-selection.js';

export const describeRestore = (
  manifest: Manifest,
  { databases, trees }: Selection,
  { deployment, repository }: { deployment: Deployment; repository: string },
): string[] => [
  `backup ${manifest.id} of ${manifest.finishedAt.slice(0, 19).replace('T', ' ')} UTC, from repository ${repository}`,
  ...databases.map(
    (facts) =>
      `database ${facts.name} (${facts.database}): ${facts.tables.length} tables, ${sum(facts.tables.map(({ rows }) => rows))} rows, ${megabytes(facts.bytes)}`,
  ),
  ...trees.map(
    (tree) =>
      `files ${tree.name}: ${tree.files} files, ${megabytes(tree.bytes)}, to ${pathOf(deployment, tree.name)}`,
  ),
  'restored beside the live data and compared first; then swapped in within a moment',
  `what is there now is kept for ${Math.round(deployment.keepPreviousMs / 3_600_000)} h: holdfast undo ${deployment.name}`,
];

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
      : [`rolled back unless it is healthy within ${health.withinMs / 1000} s (checks: ${health.checks.length})`]),
  ];
};

const pathOf = (deployment: Deployment, tree: string): string =>
  deployment.trees.find(({ name }) => name === tree)?.path ?? '';

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
