// One thing that is wrong with the configuration: where, and what. All of them are reported at once.
import { Failure } from '../domain/failure.js';

export type Path = readonly PropertyKey[];

export interface Problem {
  /** Empty: the file as a whole. */
  path: Path;
  /** Says it about the path, so that `path: text` reads as a sentence. Never holds a value that may be secret. */
  text: string;
}

/** `deployments.edms.repositories[1]` */
export const pathText = (path: Path): string =>
  path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '');

/** CONFIG_INVALID with a line for each problem. */
export const configInvalid = (file: string, problems: readonly Problem[]): Failure => {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return new Failure('CONFIG_INVALID', [`${count} in ${file}:`, ...problems.map(problemLine)].join('\n'));
};

const problemLine = ({ path, text }: Problem): string =>
  path.length === 0 ? text : `${pathText(path)}: ${text}`;

/** What stands at `path` in parsed YAML; undefined where nothing does. */
export const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (inner, step) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, step)
        ? Reflect.get(inner, step)
        : undefined,
    value,
  );
