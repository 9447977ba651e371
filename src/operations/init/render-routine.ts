// The lines about what happens by itself: tiers, verification, drills.
import { USUAL_DRILL, USUAL_VERIFY, usualSchedule } from '../../config/usual-tiers.js';
import { USUAL_KEEP } from './draft.js';
import { beside, comments, indented } from './yaml-text.js';

/** @param space what they will take, in a sentence; null: not known */
export const routineLines = (tiers: readonly string[], space: string | null): string[] => [
  ...comments(
    'When backups are made, while `holdfast up` runs, and how many of each are kept. The newest one, and the newest one that was',
    'restored, are never removed. keepFor: 90d instead of keep; from: daily instead of schedule keeps others’ and makes none.',
    ...(space === null ? [] : [space]),
  ),
  ...(tiers.length === 0
    ? comments('tiers:', ...indented(2, tierRows(Object.keys(USUAL_KEEP))))
    : ['tiers:', ...indented(2, tierRows(tiers))]),
  ...comments(
    'Once a week each, with tiers: what is stored is read again, and the newest backup is restored beside everything, compared with',
    'what was backed up, and dropped. assertions are questions of yours: each must give one true value.',
    `verify: { schedule: "${USUAL_VERIFY}" }`,
    'drill:',
    `  schedule: "${USUAL_DRILL}"`,
    '  maxAge: 35d',
    '  assertions: ["select count(*) > 0 from users"]',
  ),
];

const WHEN: Readonly<Record<string, string>> = {
  hourly: 'every hour',
  daily: 'every night at 02:00',
  weekly: 'on Sundays at 03:00',
  monthly: 'on the 1st at 04:00',
};

const tierRows = (tiers: readonly string[]): string[] =>
  beside(
    ...tiers.map(
      (tier) =>
        [
          `${tier}: { schedule: "${usualSchedule(tier) ?? ''}", keep: ${USUAL_KEEP[tier] ?? 1} }`,
          WHEN[tier] ?? '',
        ] as const,
    ),
  );
