// What goes wrong between two restic repositories, in words that name both.
import { asFailure, Failure } from '../../domain/failure.js';
import type { ResticSession } from './session.js';

interface Way {
  key: string;
  source: ResticSession;
}

const fromTo = ({ key, source }: Way, target: ResticSession): string =>
  `${key} from repository ${source.settings.name} to ${target.settings.name}`;

export const notWhole = (way: Way, target: ResticSession, why: string): Failure =>
  new Failure('CORRUPT_ARTIFACT', `${fromTo(way, target)}: ${why}`, {
    hint: 'the copy that was read is damaged: holdfast verify finds out which ones are not',
  });

/** What restic says may be about either repository. */
export const about = async (way: Way, target: ResticSession, act: () => Promise<void>): Promise<void> => {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { code, message, hint, retryable, evidence } = asFailure(error);
    throw new Failure(code, `${fromTo(way, target)}: ${message}`, {
      hint,
      retryable,
      evidence,
      cause: error,
    });
  }
};
