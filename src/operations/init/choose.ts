// Which of the databases that were found is meant, where nobody is there to be asked: options decide, or there is but one.
import { Failure } from '../../domain/failure.js';
import { type Candidate, KINDS } from './candidate.js';
import type { Surroundings } from './look-around.js';

export interface Narrowing {
  /** Of Compose. */
  project?: string;
  service?: string;
}

/** null: nothing was found. @throws INPUT_INVALID where several are meant, and says which option decides */
export const chooseCandidate = (
  { candidates, unreadable }: Pick<Surroundings, 'candidates' | 'unreadable'>,
  narrowing: Narrowing,
): Candidate | null => {
  const meant = narrowed(candidates, narrowing);
  const kind = KINDS.find((one) => meant.some((candidate) => candidate.kind === one));
  if (unreadable !== null && kind !== 'here' && kind !== 'variable')
    throw new Failure('INPUT_INVALID', unreadable, {
      hint: 'mend that file, or name the database: --database-url REFERENCE',
    });
  const [first = null, ...others] = meant.filter((candidate) => candidate.kind === kind);
  if (first === null || others.length === 0) return first;
  throw new Failure('INPUT_INVALID', `several databases are here: ${labels([first, ...others])}`, {
    hint: `name the one that is meant: ${optionsFor(first)}`,
  });
};

/** @throws INPUT_INVALID where nothing is left */
export const narrowed = (
  candidates: readonly Candidate[],
  { project, service }: Narrowing,
): readonly Candidate[] => {
  if (project === undefined && service === undefined) return candidates;
  const compose = candidates.filter(({ database }) => database.kind === 'compose');
  const meant = compose.filter(
    ({ database }) =>
      database.kind === 'compose' &&
      (project === undefined || database.project === project) &&
      (service === undefined || database.service === service),
  );
  if (meant.length > 0) return meant;
  const what = [
    ...(service === undefined ? [] : [`service ${service}`]),
    ...(project === undefined ? [] : [`Compose project ${project}`]),
  ].join(' of the ');
  throw new Failure('INPUT_INVALID', `no PostgreSQL was found in ${what}`, {
    hint:
      compose.length === 0
        ? 'no Compose project with one was found here: run init in its folder, or name the database: --database-url REFERENCE'
        : `there is: ${labels(compose)}`,
  });
};

const labels = (candidates: readonly Candidate[]): string => candidates.map(({ label }) => label).join('; ');

const optionsFor = ({ database }: Candidate): string =>
  database.kind === 'compose'
    ? `--project ${database.project} --service ${database.service}`
    : '--database-url REFERENCE, such as env:DATABASE_URL or file:/path';
