// A mapping with known keys. Anything else in it is refused: an option that does nothing is worse than none.
import { z } from 'zod';
import { suggestion } from './nearest.js';
import { NOT_SUPPORTED } from './problem.js';

/** @param later keys that are reserved for what holdfast will do one day */
export const section = <Shape extends z.ZodRawShape>(shape: Shape, later: readonly string[] = []) =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? unknownKeys(issue.keys, Object.keys(shape), later).join('\n')
        : undefined,
  });

/** One sentence a key, in their order. */
const unknownKeys = (keys: readonly string[], known: readonly string[], later: readonly string[]): string[] =>
  keys.map((key) =>
    later.includes(key) ? NOT_SUPPORTED : `is not a known key${suggestion(key, known, 'keys')}`,
  );
