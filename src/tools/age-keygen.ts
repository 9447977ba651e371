// age-keygen: makes a key that decrypts, and tells the public half of one.
import { Failure } from '../domain/failure.js';
import { runProgram } from './process.js';

export interface AgeKey {
  /** The whole file's text: its secret is in it. */
  text: string;
  /** `age1…`. */
  recipient: string;
}

/** The public half of the first key in a file. @throws TOOL_MISSING, or TOOL_FAILED where it holds none */
export const ageRecipientIn = async (file: string): Promise<string> => {
  const { stdout } = await runProgram({ program: 'age-keygen', args: ['-y', file] });
  const recipient = /^age1[a-z0-9]+$/m.exec(stdout)?.[0];
  if (recipient !== undefined) return recipient;
  throw new Failure('TOOL_FAILED', `age-keygen found no key in ${file}`, { retryable: false });
};

/** @throws TOOL_MISSING */
export const newAgeKey = async (): Promise<AgeKey> => {
  const { stdout } = await runProgram({ program: 'age-keygen', args: [] });
  const recipient = /^# public key: (age1[a-z0-9]+)$/m.exec(stdout)?.[1];
  if (recipient !== undefined && /^AGE-SECRET-KEY-1/m.test(stdout)) return { text: stdout, recipient };
  throw new Failure('TOOL_FAILED', 'age-keygen did not print a key', { retryable: false });
};
