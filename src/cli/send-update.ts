// What a person tells a run that waits: in whose name, and what it answers.
import { hostname, userInfo } from 'node:os';
import { Failure } from '../domain/failure.js';
import type { Run } from './session.js';
import { runFailure } from './workflow-failure.js';

/** `ann@db1`. */
export const thisPerson = (): string => `${userInfo().username}@${hostname()}`;

/** Gives the run's answer, for people. @throws Failure that says what the run does, when it refuses */
export const sendUpdate = async (run: Run, update: string, what: object): Promise<string> => {
  try {
    return await run.handle.executeUpdate<string, [object]>(update, { args: [what] });
  } catch (thrown) {
    const failure = runFailure(thrown);
    throw new Failure(failure.code, failure.message, {
      hint: `it says what it does: holdfast watch ${run.handle.workflowId}`,
      cause: thrown,
    });
  }
};
