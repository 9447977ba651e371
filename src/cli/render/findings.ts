// What doctor found, by area.
import { AREAS, type Area, type Finding, inShort } from '../../domain/findings.js';
import type { Paint } from './paint.js';

export interface DeploymentFindings {
  deployment: string;
  /** No problem was found. */
  ok: boolean;
  findings: Finding[];
}

export const findingsLines = ({ deployment, ok, findings }: DeploymentFindings, paint: Paint): string[] => [
  paint('bold', `${deployment}: ${heading(ok, inShort(findings))}`),
  ...AREAS.flatMap((area) => areaLines(area, findings, paint)),
];

/** `ready`, `ready, 2 warnings`, `not ready, 1 problem`. */
const heading = (ok: boolean, short: string): string => {
  const count = short === 'ready' ? '' : `, ${short}`;
  return `${ok ? 'ready' : 'not ready'}${count}`;
};

const areaLines = (area: Area, findings: readonly Finding[], paint: Paint): string[] => {
  const here = findings.filter((finding) => finding.area === area);
  return here.length === 0 ? [] : [`  ${area}`, ...here.flatMap((finding) => findingLines(finding, paint))];
};

const findingLines = ({ level, message, hint }: Finding, paint: Paint): string[] => [
  `    ${paint(COLOURS[level], level.padEnd(WIDTH))}  ${message}`,
  ...(hint === '' ? [] : [`    ${' '.repeat(WIDTH)}  ${paint('yellow', 'hint:')} ${hint}`]),
];

const WIDTH = 'problem'.length;

const COLOURS = { ok: 'green', warning: 'yellow', problem: 'red' } as const;
