// What `prune` would do, a line for each backup, and what it did, a line for each repository.
import type { PrunedRepository, PruneResult } from '../../domain/prune.js';
import type { KeptBy } from '../../domain/retention.js';
import { countOf, formatBytes } from './format.js';

export interface PlannedRepository {
  deployment: string;
  repository: string;
  backups: { backup: string; keep: boolean; keptBy: KeptBy | null; reason: string; bytes: number }[];
  leftovers: { key: string; reason: string }[];
  /** Why nothing would go without --force; empty: nothing speaks against it. */
  stop: string;
  /** Why nothing would go at all; empty: it would. */
  problem: string;
}

export const plannedLines = (planned: readonly PlannedRepository[]): string[] => {
  const lines = planned.flatMap(repositoryLines);
  return lines.length === 0 ? ['there is no repository'] : lines;
};

const repositoryLines = ({
  deployment,
  repository,
  backups,
  leftovers,
  stop,
  problem,
}: PlannedRepository): string[] => {
  const going = backups.filter(({ keep }) => !keep);
  const bytes = going.reduce((sum, one) => sum + one.bytes, 0);
  const counts = `${going.length} of ${countOf(backups.length, 'backup')} would go (${formatBytes(bytes)})`;
  return [
    `${deployment} in ${repository}: ${counts}`,
    ...(problem === '' ? [] : [`  nothing goes: ${problem}`]),
    ...(stop === '' ? [] : [`  nothing goes without --force: ${stop}`]),
    ...backups.map(({ backup, keep, reason }) => `  ${keep ? 'keep  ' : 'remove'} ${backup}  ${reason}`),
    ...leftovers.map(({ key, reason }) => `  remove ${key}  ${reason}`),
  ];
};

export const prunedLines = ({ repositories, omitted }: PruneResult): string[] => [
  ...repositories.map(prunedLine),
  ...(omitted === 0 ? [] : [`and ${countOf(omitted, 'repository', 'repositories')} more`]),
];

const prunedLine = (pruned: PrunedRepository): string => {
  const { deployment, repository, state, removed, bytes, kept, leftovers, problem } = pruned;
  const swept = leftovers === 0 ? [] : [countOf(leftovers, 'leftover')];
  const gone = [countOf(removed, 'backup'), ...swept].join(' and ');
  const did = `${gone} removed (${formatBytes(bytes)}), ${kept} kept`;
  return [`${deployment} in ${repository}`, ...(state === 'pruned' ? [did] : [problem])].join(': ');
};
