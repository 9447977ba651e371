// The edge: a Failure becomes what Temporal carries, and nothing else leaves an activity. No secret does.
import { ApplicationFailure } from '@temporalio/common';
import { redacted } from '../config/redacted.js';
import { asFailure } from '../domain/failure.js';

/** `type` is the code; details hold hint and evidence. The stack stays here: it names paths of this host. */
export const toApplicationFailure = (thrown: unknown): ApplicationFailure => {
  const { code, message, hint, evidence, retryable } = asFailure(thrown);
  const whole = { said: redacted(message), hint: redacted(hint), evidence: redacted(evidence ?? '') };
  const { said, ...details } = retryable ? shortened(whole) : whole;
  const failure = ApplicationFailure.create({
    type: code,
    message: said,
    nonRetryable: !retryable,
    details: [details],
  });
  failure.stack = `${code}: ${said}`;
  return failure;
};

/** Of a step that will be tried again the server keeps no failure above 4096 bytes: it says that it was too large, and no more. */
const MOST_BYTES = 3600;

interface Words {
  said: string;
  hint: string;
  evidence: string;
}

/** The message travels twice. Of the evidence its end stays: the cause mostly stands there. */
const shortened = ({ said, hint, evidence }: Words): Words => {
  const over = excess(said, MOST_BYTES / 4);
  const message = over > 0 ? `${said.slice(0, -over - 3)}…` : said;
  const room = MOST_BYTES - 2 * bytesOf(message) - bytesOf(hint);
  return { said: message, hint, evidence: evidence.slice(excess(evidence, room)) };
};

/** A character takes a byte or more, so that taking away as many is enough. */
const excess = (text: string, most: number): number => Math.max(0, bytesOf(text) - most);

/** As it travels: a quotation mark, a newline and a tab take two. */
const bytesOf = (text: string): number => Buffer.byteLength(JSON.stringify(text));
