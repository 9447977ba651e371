// What must hold within what a tier says about how long it is kept.
import { suggestion } from './nearest.js';
import { isMapping, keysAt, MISSING, type Path, type Problem, valueAt } from './problem.js';
import { isBuiltIn } from './usual-tiers.js';

/** @param place the tier's. @param repositories the names of the deployment's */
export const keepProblems = (raw: unknown, place: Path, repositories: readonly string[]): Problem[] => {
  const given = ['keep', 'keepFor'].filter((key) => valueAt(raw, [...place, key]) !== undefined);
  if (given.length === 2)
    return [{ path: place, text: 'has both keep and keepFor; use the one or the other' }];
  if (given.length === 0)
    return [
      {
        path: place,
        text: isBuiltIn(String(place.at(-1)))
          ? 'says nothing: give it keepFor, or keep: all'
          : 'needs keep or keepFor: how much of it is kept (keep: all to remove nothing)',
      },
    ];
  return perRepositoryProblems(raw, [...place, given[0] ?? ''], repositories);
};

/** A repository that is not named would keep nothing, or everything: nobody could tell which was meant. */
const perRepositoryProblems = (raw: unknown, path: Path, repositories: readonly string[]): Problem[] => {
  const given = valueAt(raw, path);
  if (!isMapping(given)) return [];
  const named = Object.keys(given);
  return [
    ...named
      .filter((name) => !repositories.includes(name))
      .map((name) => ({
        path: [...path, name],
        text: `is not a repository of this deployment${suggestion(name, repositories, 'ones')}`,
      })),
    ...repositories
      .filter((name) => !named.includes(name))
      .map((name) => ({ path: [...path, name], text: MISSING })),
    ...(named.length > 0 && Object.values(given).every((count) => count === 0)
      ? [{ path, text: 'keeps nothing anywhere' }]
      : []),
  ];
};

/** Manual and safety backups belong to no moment that could be counted. */
export const builtInProblems = (raw: unknown, place: Path): Problem[] => {
  const keep = valueAt(raw, [...place, 'keep']);
  const counts = [keep, ...(isMapping(keep) ? Object.values(keep) : [])].some(
    (given) => typeof given === 'number',
  );
  return [
    ...keysAt(raw, place)
      .filter((key) => ['schedule', 'from', 'catchUp', 'jitter'].includes(key))
      .map((key) => ({
        path: [...place, key],
        text: 'does not go here: no schedule makes such backups; only how long they are kept can be said',
      })),
    ...(counts
      ? [
          {
            path: [...place, 'keep'],
            text: 'counts scheduled moments, and such backups have none; use keepFor, or keep: all',
          },
        ]
      : []),
  ];
};
