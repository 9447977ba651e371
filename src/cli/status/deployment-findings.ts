// What is wrong with a deployment's backups, and the command that mends it: from its page alone.
import { formatAge, formatSpan } from '../../domain/age.js';
import { backupTime } from '../../domain/names.js';
import type { OverdueTier } from '../../domain/overdue.js';
import type { AgentStatus, CopyStatus, DeploymentStatus } from '../../operations/status/status.js';
import { countOf } from '../render/format.js';
import { problem, type StatusFinding, warning, worstFirst } from './finding.js';
import { pauseFindings } from './pause-findings.js';
import { troubleFindings } from './trouble-findings.js';

type Page = DeploymentStatus;

export interface FindingFacts {
  now: Date;
  agent: Pick<AgentStatus, 'running'>;
}

/** The worst first, and among equals what a person would look at first. */
export const deploymentFindings = (page: Page, facts: FindingFacts): StatusFinding[] =>
  worstFirst([
    ...page.unreadable.map(({ message, hint }) => problem(message, hint)),
    ...operationFindings(page, facts.now),
    ...troubleFindings(page.deployment, page.troubles, facts.now),
    ...backupFindings(page, facts),
    ...pauseFindings(page, facts.now),
    ...proofFindings(page, facts),
    ...page.copies.flatMap((copy) => copyFindings(page.deployment, copy, facts)),
    ...logFindings(page),
    ...sweepFindings(page, facts),
  ]);

const age = (since: string, now: Date): string => formatAge(new Date(since), now);

const operationFindings = ({ operation }: Page, now: Date): StatusFinding[] => {
  if (operation === null || !operation.interrupted) return [];
  const { kind, back, startedAt } = operation;
  const what = back ? `the roll-back of a ${kind}` : `a ${kind}`;
  return [
    problem(
      `${what} that began ${age(startedAt, now)} ago was interrupted: the agent that comes next puts it right`,
      'holdfast up',
    ),
  ];
};

const backupFindings = (page: Page, { now, agent }: FindingFacts): StatusFinding[] => {
  const { deployment, last, copies, overdue, missed } = page;
  const make = (tier = '') => (agent.running ? `holdfast backup ${deployment}${tier}` : 'holdfast up');
  const answered = copies.every((copy) => copy.problem === '');
  return [
    ...(last === null && answered ? [problem('there is no backup', `holdfast backup ${deployment}`)] : []),
    ...(last !== null && Date.parse(last.at) > now.getTime()
      ? [warning(`the newest backup is of ${last.at}, which is yet to come: the clock was put back`, 'date')]
      : []),
    ...overdue.map((tier) => problem(overdueWords(tier, now), make(` --tier ${tier.tier}`))),
    ...missed.map(({ name, count }) =>
      warning(`${name} missed ${countOf(count, 'moment')} of the last 30 days`, 'holdfast schedules list'),
    ),
  ];
};

const overdueWords = ({ tier, dueAt, newest }: OverdueTier, now: Date): string => {
  const since = newest === null ? 'it never had a backup' : `its newest backup is ${age(newest, now)} old`;
  return `${tier} is overdue since ${age(dueAt, now)}: ${since}`;
};

const proofFindings = (page: Page, { now }: FindingFacts): StatusFinding[] => {
  const { deployment, proof, oldest } = page;
  const drill = `holdfast drill ${deployment}`;
  const { last, failed, maxAgeMs } = proof;
  const isOld = (at: string) => now.getTime() - Date.parse(at) > maxAgeMs;
  const most = formatSpan(maxAgeMs);
  return [
    ...(failed === null
      ? []
      : [problem(`the drill of ${failed.backup || 'the newest backup'} failed: ${failed.reason}`, drill)]),
    ...(last !== null && isOld(last.at)
      ? [problem(`the last proof is ${age(last.at, now)} old, and may be ${most}`, drill)]
      : []),
    ...(last === null && oldest !== null
      ? [
          isOld(oldest)
            ? problem(`no backup was ever restored, for ${age(oldest, now)}; it may be ${most}`, drill)
            : warning('no backup was restored yet: a backup counts once it was', drill),
        ]
      : []),
  ];
};

const DAY_MS = 86_400_000;

const copyFindings = (
  deployment: string,
  { repository, missing, copying, doubtful }: CopyStatus,
  { now }: FindingFacts,
): StatusFinding[] => {
  const waiting = missing.filter((backup) => !copying.includes(backup));
  const long = waiting.filter((backup) => now.getTime() - backupTime(backup).getTime() > DAY_MS);
  const damaged = doubtful.filter((one) => one.damaged);
  const unsure = doubtful.filter((one) => !one.damaged);
  return [
    ...(damaged[0] === undefined
      ? []
      : [
          problem(
            `${countOf(damaged.length, 'backup')} in ${repository} ${damaged.length === 1 ? 'is' : 'are'} damaged, the newest: ${damaged[0].backup}: ${damaged[0].problem}`,
            `holdfast verify ${deployment} --repository ${repository} --repair`,
          ),
        ]),
    ...(waiting.length === 0
      ? []
      : [
          (long.length === 0 ? warning : problem)(
            `${repository} lacks ${countOf(waiting.length, 'backup')} that it is to hold, the newest: ${waiting[0]}`,
            `holdfast copy ${deployment} --to ${repository}`,
          ),
        ]),
    ...(unsure[0] === undefined
      ? []
      : [
          warning(
            `${countOf(unsure.length, 'backup')} in ${repository} ${unsure.length === 1 ? 'does' : 'do'} not count, the newest: ${unsure[0].backup}: ${unsure[0].problem}`,
            `holdfast show ${deployment} ${unsure[0].backup}`,
          ),
        ]),
  ];
};

const logFindings = ({ deployment, log }: Page): StatusFinding[] =>
  log.gaps + log.problems === 0
    ? []
    : [problem('the log is not whole', `holdfast status ${deployment} --log --verify`)];

const sweepFindings = (
  { deployment, leftovers, kept }: Page,
  { now, agent }: FindingFacts,
): StatusFinding[] => {
  const over = kept.filter(({ until }) => Date.parse(until) + DAY_MS < now.getTime());
  const where = [...new Set(leftovers.map(({ repository }) => repository))].join(', ');
  return [
    ...(leftovers.length === 0
      ? []
      : [
          warning(
            `${countOf(leftovers.length, 'leftover')} of interrupted runs in ${where}`,
            `holdfast prune ${deployment}`,
          ),
        ]),
    ...(over.length === 0
      ? []
      : [
          warning(
            `what ${countOf(over.length, 'restore')} replaced is still kept, though its time is over`,
            agent.running ? 'holdfast doctor' : 'holdfast up',
          ),
        ]),
  ];
};
