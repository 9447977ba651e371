// The page of `holdfast status`: a block for each deployment, what is wrong last, so that it stands above the prompt.
import { formatAge } from '../../domain/age.js';
import { isProblem, type StatusFinding } from '../status/finding.js';
import type { JudgedDeployment, JudgedStatus } from '../status/judged.js';
import { countOf, formatBytes } from './format.js';
import type { Paint } from './paint.js';
import { factLines } from './status-facts.js';

export const statusLines = (page: JudgedStatus, paint: Paint): string[] => {
  const now = new Date(page.at);
  return [
    ...page.deployments.flatMap((one) => [...deploymentLines(one, { now, page, paint }), '']),
    paint('bold', `this host: ${verdict(page.findings)}`),
    ...hostLines(page),
    ...page.findings.flatMap((finding) => findingLines(finding, paint)),
  ];
};

interface Around {
  now: Date;
  page: JudgedStatus;
  paint: Paint;
}

const deploymentLines = (one: JudgedDeployment, { now, page, paint }: Around): string[] => [
  paint('bold', `${one.deployment}: ${verdict(one.findings)}`),
  ...labelled(factLines(one, { now, timezone: page.timezone })),
  ...one.findings.flatMap((finding) => findingLines(finding, paint)),
];

/** `well`, `1 problem`, `2 problems, 1 warning`. */
const verdict = (findings: readonly StatusFinding[]): string => {
  const problems = findings.filter(isProblem).length;
  const warnings = findings.length - problems;
  const words = [
    ...(problems === 0 ? ['well'] : [countOf(problems, 'problem')]),
    ...(warnings === 0 ? [] : [countOf(warnings, 'warning')]),
  ];
  return words.join(', ');
};

const hostLines = ({ at, agent, repositories, notifiers }: JudgedStatus): string[] =>
  labelled([
    [
      'agent',
      agent.running ? `runs${agent.process === null ? '' : ` (process ${agent.process})`}` : 'does not run',
    ],
    ...repositories.map(({ repository, kind, problem, freeBytes }): [string, string] => {
      const room = freeBytes === null ? '' : `, ${formatBytes(freeBytes)} free`;
      return ['repository', `${repository} (${kind})${problem === '' ? room : ' does not answer'}`];
    }),
    ...notifiers.map((notifier): [string, string] => ['notifier', notifierWords(notifier, new Date(at))]),
  ]);

const notifierWords = (
  { name, failingSince, lastDelivered, waiting }: JudgedStatus['notifiers'][number],
  now: Date,
): string => {
  const told =
    lastDelivered === null ? 'has told nobody' : `told ${formatAge(new Date(lastDelivered), now)} ago`;
  const state = failingSince === null ? told : 'fails';
  return `${name}: ${state}${waiting === 0 ? '' : `, ${waiting} waiting`}`;
};

const LABEL = 12;

/** A label that is the one before is not said again. */
const labelled = (lines: readonly (readonly [string, string])[]): string[] =>
  lines.map(([label, words], index) => {
    const said = lines[index - 1]?.[0] === label ? '' : label;
    return `  ${said.padEnd(LABEL)}${words}`;
  });

const findingLines = ({ level, message, hint }: StatusFinding, paint: Paint): string[] => [
  `  ${paint(level === 'problem' ? 'red' : 'yellow', level.padEnd(LABEL))}${message}`,
  `  ${' '.repeat(LABEL)}${paint('yellow', 'hint:')} ${hint}`,
];
