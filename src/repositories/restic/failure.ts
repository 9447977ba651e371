// What restic says against a repository, as a Failure that names the repository.
import type { ResticSettings } from '../../config/schema-restic.js';
import { Failure } from '../../domain/failure.js';

/** For people, without what may be a user's name and password in a URL. */
export const resticLocation = ({ repository }: ResticSettings): string =>
  repository.replace(/:\/\/[^/@]*@/, '://');

/** Runs `act`; what restic said is said about its repository. Failures of other programs pass as they are. */
export const inRestic = async <T>(settings: ResticSettings, act: () => Promise<T>): Promise<T> => {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof Failure) || !OF_RESTIC.has(error.code) || error.message.startsWith(NAMED))
      throw error;
    throw new Failure(
      error.code,
      `${NAMED}${settings.name} at ${resticLocation(settings)}: ${error.message}`,
      {
        hint: error.hint,
        retryable: error.retryable,
        evidence: error.evidence,
        cause: error,
      },
    );
  }
};

const NAMED = 'repository ';
const OF_RESTIC = new Set([
  'REPOSITORY_UNREACHABLE',
  'REPOSITORY_CREDENTIALS',
  'DISK_FULL',
  'CORRUPT_ARTIFACT',
]);
