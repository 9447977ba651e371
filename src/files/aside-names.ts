// What is stored of a tree that a restore puts aside: the entries that are named, and never what was put aside before.
import { Failure } from '../domain/failure.js';
import { isLiteral, matchesStep } from '../domain/include-pattern.js';
import { ASIDE_FOLDER_PATTERN } from '../domain/names.js';
import { type NamedEntry, namesOf, requireFolder } from './names.js';

/**
 * The folder itself, what `include` names and the folders on the way to it; no `include`: everything. Folders that nothing
 * can be in are not looked into. Fails with TREE_MISSING where a name that is written out is not there, or nothing is.
 */
export const asideNames = async (root: string, include: readonly string[]): Promise<NamedEntry[]> => {
  await requireFolder(root);
  const wanted = include.map((entry): Wanted => ({ entry, steps: bytesOf(entry).split('/') }));
  const found = new Set<string>();
  const names: NamedEntry[] = [{ path: '.', kind: 'folder' }];
  let folders = [{ path: '.', wanted, whole: include.length === 0 }];
  while (folders.length > 0) {
    const next: typeof folders = [];
    for (const folder of folders)
      for (const inside of await entriesOf(root, folder, found)) {
        names.push(inside.entry);
        if (inside.entry.kind === 'folder') next.push({ path: inside.entry.path, ...inside });
      }
    folders = next;
  }
  requireFound(root, include, found);
  return names;
};

interface Wanted {
  entry: string;
  /** What is left of it below a folder. */
  steps: string[];
}

interface Inside {
  entry: NamedEntry;
  wanted: Wanted[];
  /** All that is in it is stored. */
  whole: boolean;
}

const entriesOf = async (
  root: string,
  { path, wanted, whole }: { path: string; wanted: readonly Wanted[]; whole: boolean },
  found: Set<string>,
): Promise<Inside[]> =>
  (await namesOf(root, path)).flatMap((entry): Inside[] => {
    const name = entry.path.split('/').at(-1) ?? '';
    if (path === '.' && ASIDE_FOLDER_PATTERN.test(name)) return [];
    if (whole) return [{ entry, wanted: [], whole }];
    const fitting = wanted.filter(({ steps: [step = ''] }) => matchesStep(step, name));
    const named = fitting.filter(({ steps }) => steps.length === 1);
    for (const one of named) found.add(one.entry);
    if (named.length > 0) return [{ entry, wanted: [], whole: true }];
    const below = fitting.map((one) => ({ entry: one.entry, steps: one.steps.slice(1) }));
    return below.length === 0 || entry.kind !== 'folder' ? [] : [{ entry, wanted: below, whole: false }];
  });

const requireFound = (root: string, include: readonly string[], found: ReadonlySet<string>): void => {
  const [missing] = include.filter((entry) => isLiteral(entry) && !found.has(entry));
  if (missing === undefined && (include.length === 0 || found.size > 0)) return;
  throw new Failure('TREE_MISSING', `there is no ${missing ?? include.join(', ')} in ${root}`, {
    hint: 'put it there, or take it out of include in holdfast.yaml',
  });
};

/** Names are byte strings here. */
const bytesOf = (text: string): string => Buffer.from(text).toString('latin1');
