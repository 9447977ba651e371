// Everything that is wrong with a configuration, in one message: once each, and in the order in which the file is read.
import { Failure } from '../domain/failure.js';
import { MISSING, NOT_SUPPORTED, type Path, type Problem, pathText, valueAt } from './problem.js';

/** CONFIG_INVALID with a line for each problem. */
export const configInvalid = (file: string, problems: readonly Problem[]): Failure => {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return new Failure('CONFIG_INVALID', [`${count} in ${file}:`, ...problems.map(problemLine)].join('\n'));
};

const problemLine = ({ path, text }: Problem): string =>
  path.length === 0 ? text : `${pathText(path)}: ${text}`;

/** From top to bottom; what is missing comes after what is there. */
export const inFileOrder = (value: unknown, problems: readonly Problem[]): Problem[] =>
  problems
    .map((problem) => ({ problem, place: placeOf(value, problem.path) }))
    .toSorted((a, b) => comparePlaces(a.place, b.place))
    .map(({ problem }) => problem);

const placeOf = (value: unknown, path: Path): number[] =>
  path.map((step, depth) => {
    const mapping = valueAt(value, path.slice(0, depth));
    const keys = typeof mapping === 'object' && mapping !== null ? Object.keys(mapping) : [];
    const index = keys.indexOf(String(step));
    return index === -1 ? keys.length : index;
  });

const comparePlaces = (a: readonly number[], b: readonly number[]): number => {
  const depth = a.findIndex((step, index) => step !== b[index]);
  if (depth === -1) return a.length - b.length;
  return (a[depth] ?? -1) - (b[depth] ?? -1);
};

/** Without what is only missing because its key is mistyped, or because something that comes later stands in its place. */
export const withoutEchoes = (problems: readonly Problem[]): Problem[] =>
  problems.filter(
    (problem) =>
      !problem.text.startsWith(MISSING) || !problems.some((other) => explains(other, problem.path)),
  );

const explains = ({ path, text }: Problem, missing: Path): boolean =>
  pathText(path.slice(0, -1)) === pathText(missing.slice(0, -1)) &&
  (text === NOT_SUPPORTED || text.endsWith(`did you mean ${String(missing.at(-1))}?`));
