// What one part of a verification has read, collected for the log.
import type { VerifiedCopy, VerifiedPart } from '../domain/copies.js';
import type { VerifyRequest } from '../domain/copy-requests.js';
import { fitting } from '../domain/findings.js';
import { quick, WATCHED } from './activities.js';

export interface ReadPart {
  add(backup: string, copy: VerifiedCopy): void;
  /** Nothing when nothing was read. @param problem why it ended early; empty: it did not */
  note(problem: string): Promise<void>;
}

/** A payload stays under 4 kB. */
const MOST_BYTES = 2_000;

export const readPart = (
  request: Pick<VerifyRequest, 'backup' | 'decode'> & { deployment: string; repository: string },
): ReadPart => {
  const ids: string[] = [];
  const damaged: string[] = [];
  let someClosed = false;
  const sums = { bytes: 0, repaired: 0 };
  return {
    add: (backup, { bytes, problems, repaired, closed }) => {
      ids.push(backup);
      if (closed) someClosed = true;
      else if (problems.length > 0) damaged.push(backup);
      sums.bytes += bytes;
      sums.repaired += repaired;
    },
    note: async (problem) => {
      const { deployment, repository, backup, decode } = request;
      // In the order in which they were read, which is not always theirs.
      const [oldest = '', ...others] = ids.toSorted();
      const newest = others.at(-1) ?? oldest;
      if (newest === '' && problem === '') return;
      const { kept, omitted } = fitting(damaged, MOST_BYTES);
      const part: VerifiedPart = {
        ...{ deployment, repository, backup: backup ?? '', copies: ids.length, ...sums },
        decode: decode && !someClosed,
        ...{ newest, oldest, damaged: kept, omitted, problem: problem.slice(0, 500) },
      };
      await quick(`note what was found in ${repository}`, WATCHED).noteVerified(part);
    },
  };
};
