// What must hold between the tiers of a deployment, and between them, its repositories and its key.
import { cronProblem } from '../domain/cron.js';
import { shortestGapMs } from '../domain/moments.js';
import { parseDuration } from './duration.js';
import { builtInProblems, keepProblems } from './keep-problems.js';
import { suggestion } from './nearest.js';
import { isMapping, keysAt, MISSING, type Path, type Problem, valueAt } from './problem.js';
import { isBuiltIn, KNOWN_TIERS, RESERVED_TIERS, usualSchedule } from './usual-tiers.js';

interface Surroundings {
  /** The names of the deployment's repositories. */
  repositories: readonly string[];
  /** Whether what it stores can be opened here. */
  opens: boolean;
}

/** @param raw the configuration as it is written. @param path the deployment's */
export const tierProblems = (raw: unknown, path: Path, around: Surroundings): Problem[] => {
  const names = keysAt(raw, [...path, 'tiers']);
  const verify = [...path, 'verify'];
  const drill = [...path, 'drill'];
  return [
    ...names.flatMap((name) => {
      const place = [...path, 'tiers', name];
      if (!isMapping(valueAt(raw, place))) return [];
      return [
        ...nameProblems(name, place),
        ...keepProblems(raw, place, around.repositories),
        ...(isBuiltIn(name)
          ? builtInProblems(raw, place)
          : [...scheduleProblems(raw, place, name), ...fromProblems(raw, { place, name, names })]),
      ];
    }),
    ...timingProblems(raw, verify, ''),
    ...timingProblems(raw, drill, ''),
    ...drillProblems(raw, drill, around),
  ];
};

const nameProblems = (name: string, path: Path): Problem[] =>
  RESERVED_TIERS.includes(name)
    ? [{ path, text: `is no name for a tier: ${name} has a schedule of its own beside tiers` }]
    : [];

const scheduleProblems = (raw: unknown, place: Path, name: string): Problem[] =>
  valueAt(raw, [...place, 'schedule']) === undefined && usualSchedule(name) === undefined
    ? [
        {
          path: [...place, 'schedule'],
          text: `${MISSING}; only ${KNOWN_TIERS.join(', ')} have one that goes without saying`,
        },
      ]
    : timingProblems(raw, place, usualSchedule(name) ?? '');

/** A run that was missed is made once: not when two moments lie within what is caught up. */
const timingProblems = (raw: unknown, place: Path, usual: string): Problem[] => {
  const schedule = valueAt(raw, [...place, 'schedule']) ?? usual;
  if (typeof schedule !== 'string' || cronProblem(schedule) !== null) return [];
  const gapMs = shortestGapMs(schedule);
  return ['catchUp', 'jitter'].flatMap((key) => {
    const ms = parseDuration(String(valueAt(raw, [...place, key])));
    if (ms === null || ms <= gapMs) return [];
    return [{ path: [...place, key], text: `is longer than the time between two runs (${spoken(gapMs)})` }];
  });
};

const spoken = (ms: number): string => {
  if (ms % 86_400_000 === 0) return `${ms / 86_400_000}d`;
  return ms % 3_600_000 === 0 ? `${ms / 3_600_000}h` : `${ms / 60_000}m`;
};

const fromProblems = (
  raw: unknown,
  { place, name, names }: { place: Path; name: string; names: readonly string[] },
): Problem[] => {
  const from = valueAt(raw, [...place, 'from']);
  if (typeof from !== 'string') return [];
  const path = [...place, 'from'];
  if (from === name) return [{ path, text: 'names the tier itself' }];
  const others = names.filter((other) => other !== name && makesBackups(raw, place, other));
  if (others.includes(from))
    return keysAt(raw, place)
      .filter((key) => key === 'catchUp' || key === 'jitter')
      .map((key) => ({ path: [...place, key], text: `does nothing here: its backups are those of ${from}` }));
  const known = others.length === 0 ? '' : suggestion(from, others, 'ones');
  return [{ path, text: `names ${from}, which is not a tier that makes backups of its own${known}` }];
};

/** By its schedule; a tier with `from` makes none. */
const makesBackups = (raw: unknown, place: Path, name: string): boolean =>
  !isBuiltIn(name) && valueAt(raw, [...place.slice(0, -1), name, 'from']) === undefined;

const drillProblems = (raw: unknown, path: Path, { opens }: Surroundings): Problem[] => {
  const schedule = valueAt(raw, [...path, 'schedule']);
  return schedule === undefined || schedule === 'never' || opens
    ? []
    : [
        {
          path: [...path, 'schedule'],
          text: 'needs encryption.identity: what is encrypted cannot be restored here without it',
        },
      ];
};
