// Input that is not what it should be ends the run at once and says what is expected.
import { Failure } from '../domain/failure.js';
import { runFailure } from './failing.js';

export const parsed = <T>(parse: (input: unknown) => T, input: unknown): T => {
  try {
    return parse(input);
  } catch (error) {
    if (error instanceof Failure) throw runFailure(error);
    throw error;
  }
};
