// What is to be written, decided without a question: options first, then what was found, then what is usual.
import { basename, resolve } from 'node:path';
import type { Candidate } from '../../operations/init/candidate.js';
import type { DatabaseDraft, Draft } from '../../operations/init/draft.js';
import { USUAL_TIERS } from '../../operations/init/draft.js';
import { usualChoice, withGiven } from '../../operations/init/given-folders.js';
import type { Surroundings } from '../../operations/init/look-around.js';
import { nameFor } from '../../operations/init/names-for.js';
import { usualRepository } from '../../operations/init/usual-repository.js';
import type { InitOptions } from './options.js';

/** A draft, and what only happens when it is written. */
export interface Decisions {
  draft: Draft;
  /** A key is made, and backups are encrypted to it. */
  encrypt: boolean;
}

/** For a database that nobody found: somebody fills it in. */
export const UNKNOWN_DATABASE: DatabaseDraft = {
  kind: 'parts',
  ...{ host: null, port: null, name: null, user: null, password: 'none' },
};

export interface Place {
  /** Where holdfast.yaml will stand. */
  file: string;
  /** What was looked at. */
  folder: string;
}

/** @param candidate null: the database of `--database-url`, or one that has to be filled in */
export const decide = (
  { around, candidate }: { around: Surroundings; candidate: Candidate | null },
  options: InitOptions,
  { file, folder }: Place,
): Decisions => ({
  encrypt: options.encrypt === true,
  draft: {
    file,
    deployment: options.deployment ?? candidate?.name ?? nameFor(basename(folder), 'app'),
    state: options.state === undefined ? null : resolve(options.state),
    repository: resolve(options.repository ?? usualRepository()),
    database: databaseOf(candidate, options),
    folders:
      options.files === undefined
        ? [...usualChoice(candidate?.folders ?? [], candidate?.kind === 'elsewhere' ? [] : around.folders)]
        : withGiven([], options.files),
    services: candidate?.services ?? null,
    tiers: [...USUAL_TIERS],
    encryption: null,
    notify: null,
  },
});

const databaseOf = (candidate: Candidate | null, { databaseUrl }: InitOptions): DatabaseDraft => {
  if (databaseUrl !== undefined) return { kind: 'url', url: databaseUrl, remarks: [] };
  return candidate?.database ?? UNKNOWN_DATABASE;
};
