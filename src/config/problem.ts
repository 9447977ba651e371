// One thing that is wrong with the configuration: where, and what.

export type Path = readonly PropertyKey[];

export interface Problem {
  /** Empty: the file as a whole. */
  path: Path;
  /** Says it about the path, so that `path: text` reads as a sentence. Never holds a value that may be secret. */
  text: string;
}

export const MISSING = 'is missing';
export const NOT_SUPPORTED = 'is not supported yet; remove it until it is';

/** `deployments.edms.repositories[1]` */
export const pathText = (path: Path): string =>
  path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '');

/** What stands at `path` in parsed YAML; undefined where nothing does. */
export const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (inner, step) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, step)
        ? Reflect.get(inner, step)
        : undefined,
    value,
  );

export const isMapping = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** None where no mapping stands at `path`. */
export const keysAt = (raw: unknown, path: Path): string[] => {
  const value = valueAt(raw, path);
  return isMapping(value) ? Object.keys(value) : [];
};
