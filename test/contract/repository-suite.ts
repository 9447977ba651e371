// What every kind of repository promises (the comments of src/repositories/repository.ts), proved on a real one.
import { afterEach, beforeEach, describe } from 'vitest';
import type { RepositorySettings } from '../../src/config/config.js';
import type { Repository } from '../../src/repositories/repository.js';
import { bandwidthPromises } from './repository-bandwidth.js';
import { checkingPromises } from './repository-check.js';
import { encryptedPromises } from './repository-encrypted.js';
import { readingPromises } from './repository-reading.js';
import { receivePromises } from './repository-receive.js';
import { receiveInterruptedPromises } from './repository-receive-interrupted.js';
import { removingPromises } from './repository-removing.js';
import { smallObjectPromises } from './repository-small-objects.js';
import { storePromises } from './repository-store.js';
import { storeInterruptedPromises } from './repository-store-interrupted.js';
import { treePromises } from './repository-trees.js';
import { unfinishedPromises } from './repository-unfinished.js';

/** A fresh and empty repository. */
export interface RepositoryUnderTest {
  settings: RepositorySettings;
  repository: Repository;
  /** Keys of all that lies in it, finished or not: past the repository's own eyes. */
  everything(): Promise<string[]>;
  remove(): Promise<void>;
  /** It compresses by itself: what it stores is the stream as it was given, under the name of its source. */
  storesAsGiven?: true;
  /** false: what was interrupted is sent again as a whole. */
  resumes?: false;
}

export type Given = () => RepositoryUnderTest;

/** What the artifact of a source is called there. */
export const storedName = ({ storesAsGiven }: RepositoryUnderTest, source: string): string =>
  storesAsGiven ? source : `${source}.zst`;

export const repositorySuite = (kind: string, create: () => Promise<RepositoryUnderTest>): void => {
  describe(`a ${kind} repository`, () => {
    let created: RepositoryUnderTest;
    beforeEach(async () => {
      created = await create();
    });
    afterEach(() => created.remove());
    const given = () => created;
    for (const [subject, promises] of Object.entries(PROMISES)) describe(subject, () => promises(given));
  });
};

const PROMISES: Record<string, (given: Given) => void> = {
  storing: storePromises,
  'storing, interrupted': storeInterruptedPromises,
  'storing, encrypted': encryptedPromises,
  'storing trees': treePromises,
  receiving: receivePromises,
  'receiving, interrupted': receiveInterruptedPromises,
  reading: readingPromises,
  'small objects': smallObjectPromises,
  removing: removingPromises,
  unfinished: unfinishedPromises,
  checking: checkingPromises,
  bandwidth: bandwidthPromises,
};
