// What a person tells a run that waits: in whose name, and what it answers.
import { hostname } from 'node:os';
import { ownName } from '../config/own-name.js';
import { Failure } from '../domain/failure.js';
import { tellRun } from '../temporal/tell-run.js';
import type { Run } from './session.js';
import { runFailure } from './workflow-failure.js';

/** `ann@db1`. */
export const thisPerson = (): string => `${ownName()}@${hostname()}`;

/** Gives the run's answer, for people. @throws Failure that says how to see what the run does, when it refuses */
export const sendUpdate = async (run: Run, update: string, what: object): Promise<string> => {
  try {
    return await tellRun<string>(run.handle, update, what);
  } catch (thrown) {
    const { code, message, ...rest } = runFailure(thrown);
    if (code === 'UNKNOWN_RUN') throw await endedOrUnknown(run, thrown);
    const hint = code === 'INPUT_INVALID' ? saysWhatItDoes(run) : rest.hint;
    throw new Failure(code, message, { hint, cause: thrown });
  }
};

const saysWhatItDoes = ({ handle }: Run): string =>
  `it says what it does: holdfast watch ${handle.workflowId}`;

/** To Temporal a run that has ended and one that never was are the same when they are told something. */
const endedOrUnknown = async ({ handle }: Run, thrown: unknown): Promise<Failure> => {
  try {
    const { status } = await handle.describe();
    return new Failure('INPUT_INVALID', `${handle.workflowId} has ended (${status.name.toLowerCase()})`, {
      hint: 'holdfast watch lists the open runs',
      cause: thrown,
    });
  } catch {
    return runFailure(thrown);
  }
};
