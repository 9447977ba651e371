// Would a backup and a restore work? One deployment or all, area after area; nothing is changed. What is found is the
// result, and in full the run's current details: a run that found problems has not failed.
import { AREAS, type Finding, fitting, inShort } from '../domain/findings.js';
import type { DoctorResult } from '../domain/progress.js';
import { parseDoctorRequest } from '../domain/requests.js';
import { quick, WATCHED } from './activities.js';
import { deploymentsOf } from './deployments-of.js';
import { failingPlainly } from './failing.js';
import { parsed } from './input.js';
import { type ShownProgress, showProgress } from './progress.js';

export async function doctor(input?: unknown): Promise<DoctorResult> {
  const request = parsed(parseDoctorRequest, input);
  const progress = showProgress('doctor', request.deployment ?? 'all deployments');
  return failingPlainly(async () => {
    progress.show({ phase: 'working' });
    const found: Found[] = [];
    for (const name of await deploymentsOf(request, progress)) {
      found.push(...(await examine(name, progress)));
      progress.show({ plan: bySeverity(found).map(line) });
    }
    progress.show({ phase: 'done' });
    return resultOf(found);
  });
}

interface Found extends Finding {
  deployment: string;
}

const examine = async (deployment: string, { step }: ShownProgress): Promise<Found[]> => {
  const found: Found[] = [];
  for (const area of AREAS) {
    const { kept } = await step(
      `${deployment} ${area}`,
      (name) => quick(name, WATCHED).checkDeployment({ deployment, area }),
      ({ kept: findings, omitted }) =>
        [inShort(findings), ...(omitted === 0 ? [] : [`${omitted} more not shown`])].join(', '),
    );
    found.push(...kept.map((finding) => ({ deployment, ...finding })));
  }
  return found;
};

const bySeverity = (found: readonly Found[]): Found[] =>
  (['problem', 'warning', 'ok'] as const).flatMap((level) => found.filter((one) => one.level === level));

const line = ({ deployment, area, level, message, hint }: Found): string =>
  `${deployment} ${area} ${level}: ${message}${hint === '' ? '' : ` (${hint})`}`;

/** A payload stays under 4 kB. */
const MOST_BYTES = 3_500;

const resultOf = (found: readonly Found[]): DoctorResult => {
  const count = (level: Finding['level']): number => found.filter((one) => one.level === level).length;
  const ill = bySeverity(found).filter(({ level }) => level !== 'ok');
  const { kept: lines, omitted } = fitting(ill.map(line), MOST_BYTES);
  return {
    ok: count('problem') === 0,
    problems: count('problem'),
    warnings: count('warning'),
    lines,
    omitted,
  };
};
