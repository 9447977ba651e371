// The rest of a configuration in which something is wrong: enough to go on looking, so that every problem is reported at once.
import type { Problem } from './problem.js';
import type { ConfigShape } from './schema.js';

/** Everything may be missing; what is there is of the right kind. */
export type Sound<T> = T extends readonly (infer Item)[]
  ? readonly Item[]
  : T extends Record<string, infer Value>
    ? string extends keyof T
      ? { readonly [name: string]: Sound<Value> }
      : { readonly [Key in keyof T]?: Sound<T[Key]> | undefined }
    : T;

/** `value` without everything that a problem names. Problems come from the schema, so what is left satisfies it. */
export const soundPart = (value: unknown, problems: readonly Problem[]): Sound<ConfigShape> => {
  const copy: unknown = structuredClone(value);
  const paths = problems.map(({ path }) => path).toSorted((a, b) => b.length - a.length);
  if (paths.some((path) => path.length === 0) || !isContainer(copy)) return {};
  for (const path of paths) remove(copy, path);
  return copy;
};

const remove = (value: object, [step, ...rest]: readonly PropertyKey[]): void => {
  if (step === undefined) return;
  const inner: unknown = Reflect.get(value, step);
  if (rest.length > 0 && isContainer(inner)) remove(inner, rest);
  else Reflect.deleteProperty(value, step);
};

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null;
