// What is here that could be backed up. Looks only: nothing is changed, started or written.
import type { Candidate, FileVariable } from './candidate.js';
import { composeAround } from './compose-around.js';
import type { FolderDraft } from './draft.js';
import { socketCandidates } from './socket-candidate.js';
import { usualFolders } from './usual-folders.js';
import { type VariableFound, variableCandidate } from './variable-candidate.js';

export interface Surroundings {
  /** The likeliest first. */
  candidates: Candidate[];
  /** Of this folder, by their usual names. */
  folders: FolderDraft[];
  /** Set in `.env` and not in the environment. */
  variable: FileVariable | null;
  /** What could not be looked at, in sentences. */
  troubles: string[];
  /** One of them: the Compose file of this folder, which may name another database than the one that was found. */
  unreadable: string | null;
}

/** @param environment of this process */
export const lookAround = async (
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Surroundings> => {
  const [compose, variable, folders] = await Promise.all([
    composeAround(folder, environment),
    variableCandidate(folder, environment),
    usualFolders(folder),
  ]);
  const known = [...compose.candidates, ...withoutTwin(variable, compose.candidates)];
  return {
    candidates: [
      ...known.filter(({ kind }) => kind === 'here'),
      ...known.filter(({ kind }) => kind === 'variable'),
      ...known.filter(({ kind }) => kind === 'elsewhere'),
      ...(known.length === 0 ? await socketCandidates() : []),
    ],
    folders,
    variable: variable.variable,
    troubles: [...compose.troubles, ...variable.troubles],
    unreadable: compose.unreadable,
  };
};

/** Where this folder's Compose project has a database of that name, the URL is the application's own way to it. */
const withoutTwin = (
  { candidate, database: name }: VariableFound,
  compose: readonly Candidate[],
): Candidate[] => {
  const isTwin = compose.some(
    ({ kind, database }) => kind === 'here' && database.kind === 'compose' && database.name === name,
  );
  return candidate === null || isTwin ? [] : [candidate];
};
