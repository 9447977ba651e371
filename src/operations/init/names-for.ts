// Names that holdfast takes, made of names that others gave.
import { isName } from '../../domain/names.js';

/** `EDMS (old)` gives `edms-old`; `fallback` where nothing of it is left. */
export const nameFor = (given: string, fallback: string): string => {
  const name = given
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 41)
    .replace(/-+$/, '');
  return isName(name) ? name : fallback;
};

/** As nameFor, and none that is taken: `media`, `media-2`. */
export const freeNameFor = (given: string, taken: readonly string[]): string => {
  const name = nameFor(given, 'files');
  if (!taken.includes(name)) return name;
  for (let number = 2; ; number += 1) {
    const next = `${name.slice(0, 41 - String(number).length - 1)}-${number}`;
    if (!taken.includes(next)) return next;
  }
};
