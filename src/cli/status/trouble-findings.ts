// Runs that failed and have not succeeded since: what, when and why.
import { formatAge } from '../../domain/age.js';
import { subjectOf } from '../../domain/events.js';
import { MANUAL_TIER } from '../../domain/tiers.js';
import { commandFor } from '../../operations/notify/command-for.js';
import type { Trouble } from '../../operations/notify/troubles.js';
import { onOneLine } from '../render/log.js';
import { problem, type StatusFinding, warning } from './finding.js';

/** @param deployment empty: they were for all of them */
export const troubleFindings = (
  deployment: string,
  troubles: readonly Trouble[],
  now: Date,
): StatusFinding[] =>
  troubles.map((trouble) => {
    const judge = isRestore(trouble) || isCopyOfToday(trouble, now) ? warning : problem;
    return judge(
      `${subjectOf({ ...trouble, deployment })} ${failedWords(trouble, now)}: ${onOneLine(trouble.cause)}`,
      mendingCommand(deployment, trouble),
    );
  });

/** Who asked for it stood before it; what is live is as it was, or its operation is a finding of its own. */
const isRestore = ({ what }: Trouble): boolean => what === 'restore';

const DAY_MS = 86_400_000;

/** As a copy that is missing. */
const isCopyOfToday = ({ what, since }: Trouble, now: Date): boolean =>
  what === 'copy' && now.getTime() - Date.parse(since) < DAY_MS;

const failedWords = ({ since, at }: Trouble, now: Date): string => {
  const ago = `${formatAge(new Date(at), now)} ago`;
  return since === at
    ? `failed ${ago}`
    : `has failed for ${formatAge(new Date(since), now)}, the last time ${ago}`;
};

/** What failed is made again; a restore is not, before somebody has looked. */
const mendingCommand = (deployment: string, { what, tier }: Trouble): string => {
  if (what !== 'backup') return commandFor({ kind: 'failed', what, deployment, run: null });
  return `holdfast backup ${deployment}${tier === MANUAL_TIER ? '' : ` --tier ${tier}`}`;
};
