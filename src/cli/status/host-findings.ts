// What is wrong on this host, whichever deployment it is about.
import { formatAge } from '../../domain/age.js';
import type { Routine } from '../../domain/tiers.js';
import { MORE_STATE_ROOM, tooLittleRoom } from '../../operations/state-room.js';
import type { Status } from '../../operations/status/status.js';
import { formatBytes } from '../render/format.js';
import { problem, type StatusFinding, warning, worstFirst } from './finding.js';
import { troubleFindings } from './trouble-findings.js';

export const hostFindings = (page: Status, routines: Readonly<Record<string, Routine>>): StatusFinding[] =>
  worstFirst([
    ...page.unreadable.map(({ message, hint }) => problem(message, hint)),
    ...stateFindings(page),
    ...silentRepositories(page),
    ...emptiedRepositories(page),
    ...roomFindings(page),
    ...notifierFindings(page),
    ...troubleFindings('', page.troubles, new Date(page.at)),
    ...agentFindings(page, routines),
  ]);

const stateFindings = ({ state }: Status): StatusFinding[] => {
  const tooLittle = state === null ? null : tooLittleRoom(state);
  return tooLittle === null ? [] : [problem(tooLittle, MORE_STATE_ROOM)];
};

const silentRepositories = ({ repositories }: Status): StatusFinding[] =>
  repositories.flatMap(({ repository, problem: why }) => {
    if (why === '') return [];
    const message = why.includes(repository) ? why : `repository ${repository}: ${why}`;
    return [problem(message, `holdfast doctor --repository ${repository}`)];
  });

/** Those that answer, and of which a deployment has no answer. */
const emptiedRepositories = ({ repositories, deployments }: Status): StatusFinding[] =>
  deployments.flatMap(({ deployment, copies }) =>
    copies.flatMap(({ repository, problem: why }) =>
      why === '' || repositories.some((one) => one.repository === repository && one.problem !== '')
        ? []
        : [problem(why, `holdfast doctor ${deployment}`)],
    ),
  );

/** The next backup is about as big as the last one. */
const roomFindings = ({ repositories, deployments }: Status): StatusFinding[] =>
  repositories.flatMap(({ repository, freeBytes }) => {
    const last = deployments.flatMap((one) =>
      one.last?.repositories.includes(repository) ? [one.last] : [],
    );
    const biggest = Math.max(0, ...last.map(({ bytes }) => bytes));
    if (freeBytes === null || freeBytes >= biggest) return [];
    const message = `${repository} has ${formatBytes(freeBytes)} free, and the last backup took ${formatBytes(biggest)}`;
    return [problem(message, MORE_ROOM)];
  });

/** A run prunes by itself: mostly what the tiers keep is too much. */
const MORE_ROOM =
  'holdfast prune; where that is not enough, a bigger disk, or fewer kept: `keep` in holdfast.yaml';

/** Nobody would be told of the next trouble. */
const notifierFindings = ({ at, notifiers }: Status): StatusFinding[] =>
  notifiers.flatMap(({ name, failingSince, lastError, waiting }) => {
    if (failingSince === null) return [];
    const age = formatAge(new Date(failingSince), new Date(at));
    const message = `notifier ${name} has failed for ${age}, ${waiting} waiting: ${lastError ?? ''}`;
    return [problem(message, 'holdfast doctor --notify')];
  });

const agentFindings = (
  { agent, deployments }: Status,
  routines: Readonly<Record<string, Routine>>,
): StatusFinding[] => {
  const scheduled = deployments.some(({ deployment }) =>
    routines[deployment]?.tiers.some(({ schedule }) => schedule !== null),
  );
  return agent.running || !scheduled
    ? []
    : [warning('no agent runs: nothing is backed up by itself', 'holdfast up')];
};
