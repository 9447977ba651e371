// Schedules that are paused: somebody wanted it so, and may have forgotten it. A backup that is paused fails nowhere.
import { formatAge } from '../../domain/age.js';
import type { DeploymentStatus } from '../../operations/status/status.js';
import { onOneLine } from '../render/log.js';
import { type StatusFinding, warning } from './finding.js';

export const pauseFindings = (
  { deployment, paused }: Pick<DeploymentStatus, 'deployment' | 'paused'>,
  now: Date,
): StatusFinding[] =>
  paused.map(({ name, since, note }) => {
    const why = note === '' ? '' : `: ${onOneLine(note)}`;
    return warning(
      `${name} is paused, for ${formatAge(new Date(since), now)}${why}`,
      `holdfast schedules resume ${deployment} ${name}`,
    );
  });
