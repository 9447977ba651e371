// The questions of `holdfast init`, each with the answer that was found or is usual.
import { isAbsolute } from 'node:path';
import { isInside } from '../../config/is-inside.js';
import { referenceProblem } from '../../config/secret-reference.js';
import { isName } from '../../domain/names.js';
import type { Candidate } from '../../operations/init/candidate.js';
import { narrowed } from '../../operations/init/choose.js';
import {
  type DatabaseDraft,
  type FolderDraft,
  USUAL_KEEP,
  USUAL_TIERS,
} from '../../operations/init/draft.js';
import { withGiven } from '../../operations/init/given-folders.js';
import type { Surroundings } from '../../operations/init/look-around.js';
import { lookUp } from '../../tools/program-lookup.js';
import { placeOf } from '../render/init.js';
import { askOne, askSome, askText, askWhether } from './answers.js';
import { type Decisions, decide, type Place, UNKNOWN_DATABASE } from './decisions.js';
import type { InitOptions } from './options.js';

/** What an option decides is not asked. @throws CANCELLED */
export const askDecisions = async (
  around: Surroundings,
  options: InitOptions,
  place: Place,
): Promise<Decisions> => {
  const chosen = options.databaseUrl === undefined ? await askDatabase(around, options) : null;
  const candidate = chosen?.candidate ?? null;
  const { draft, encrypt } = decide({ around, candidate }, options, place);
  if (chosen !== null) draft.database = chosen.database;
  if (options.deployment === undefined) draft.deployment = await askName(draft.deployment);
  if (options.files === undefined) draft.folders = await askFolders(draft.folders, around.folders);
  if (options.repository === undefined)
    draft.repository = await askRepository(draft.repository, draft.folders);
  draft.tiers = await askTiers();
  draft.notify = (await askNotify()) || null;
  return { draft, encrypt: encrypt || (await askEncryption()) };
};

interface ChosenDatabase {
  candidate: Candidate | null;
  database: DatabaseDraft | null;
}

const askDatabase = async ({ candidates }: Surroundings, options: InitOptions): Promise<ChosenDatabase> => {
  const offered = narrowed(candidates, options);
  const index = await askOne('Which database?', [
    ...offered.map(({ label }) => ({ label })),
    { label: 'another one, by a reference to its URL' },
    { label: 'another one: I will fill it in', hint: 'marked lines in the file' },
    { label: 'none: files alone' },
  ]);
  const candidate = offered[index] ?? null;
  if (candidate !== null) return { candidate, database: candidate.database };
  switch (index - offered.length) {
    case 0:
      return { candidate, database: { kind: 'url', url: await askReference(), remarks: [] } };
    case 1:
      return { candidate, database: UNKNOWN_DATABASE };
    default:
      return { candidate, database: null };
  }
};

const askReference = (): Promise<string> =>
  askText({
    message: 'Where is its URL? env:NAME, file:/path or command:program args',
    problem: referenceProblem,
  });

const askName = (initial: string): Promise<string> =>
  askText({
    message: 'What is it called? Commands, folders and runs carry this name',
    initial,
    problem: (name) => (isName(name) ? null : 'lower-case letters, digits and hyphens, at most 41'),
  });

const askFolders = async (
  usual: readonly FolderDraft[],
  here: readonly FolderDraft[],
): Promise<FolderDraft[]> => {
  const found = [...usual, ...here.filter((folder) => !usual.some((one) => isSame(one, folder)))];
  const taken = found.length === 0 ? [] : await askFound(found, usual.length);
  const more: string[] = [];
  for (;;) {
    const path = await askText({
      message: `${taken.length + more.length === 0 ? 'A' : 'Another'} folder that belongs to it? Its absolute path, or nothing`,
      problem: (given) =>
        given === '' || isAbsolute(given) ? null : 'an absolute path, such as /srv/app/media',
    });
    if (path === '') return withGiven(withFreeNames(taken), more);
    more.push(path);
  }
};

const askFound = async (found: readonly FolderDraft[], usual: number): Promise<FolderDraft[]> => {
  const chosen = await askSome(
    'Which of these belong to it? (space chooses)',
    found.map((folder) => ({ label: placeOf(folder) })),
    Array.from({ length: usual }, (_, index) => index),
  );
  return chosen.flatMap((index) => found[index] ?? []);
};

const isSame = (a: FolderDraft, b: FolderDraft): boolean => 'path' in a && 'path' in b && a.path === b.path;

/** Two lists may have used a name twice; the later one is of paths. */
const withFreeNames = (folders: readonly FolderDraft[]): FolderDraft[] => {
  let named: FolderDraft[] = [];
  for (const folder of folders) {
    const isTaken = named.some(({ name }) => name === folder.name);
    named = isTaken && 'path' in folder ? withGiven(named, [folder.path]) : [...named, folder];
  }
  return named;
};

const askRepository = (initial: string, folders: readonly FolderDraft[]): Promise<string> =>
  askText({
    message: 'Where do backups go? A folder of their own, best on another disk',
    initial,
    problem: (path) => {
      if (!isAbsolute(path)) return 'an absolute path, such as /srv/backups';
      const inside = folders.find((folder) => 'path' in folder && overlaps(folder.path, path));
      return inside === undefined
        ? null
        : `not in, and not around, a folder that is backed up (${inside.name})`;
    },
  });

const overlaps = (a: string, b: string): boolean => isInside(a, b) || isInside(b, a);

const askTiers = async (): Promise<string[]> => {
  const names = Object.keys(USUAL_KEEP);
  const chosen = await askSome(
    'When are backups made by themselves? (space chooses)',
    names.map((name) => ({ label: name, hint: `keeps ${USUAL_KEEP[name]}` })),
    names.flatMap((name, index) => (USUAL_TIERS.includes(name) ? [index] : [])),
  );
  return chosen.toSorted((a, b) => a - b).flatMap((index) => names[index] ?? []);
};

const askNotify = (): Promise<string> =>
  askText({
    message:
      'Who hears of trouble? A mail address, a reference to a ping URL (env:PING_URL), or nothing for now',
    problem: (given) =>
      given === '' || /^[^\s@]+@[^\s@]+$/.test(given) || referenceProblem(given) === null
        ? null
        : 'a mail address, or env:NAME, file:/path, command:program args',
  });

const askEncryption = async (): Promise<boolean> =>
  (await lookUp('age-keygen')) !== null &&
  (await askWhether('Encrypt backups? A key is made; without it nobody reads them', true));
