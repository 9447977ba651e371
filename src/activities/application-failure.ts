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
  const start = asMuch(said.length, MOST_BYTES / 4, (length) => said.slice(0, length));
  const message = start === said ? said : `${start}…`;
  const room = MOST_BYTES - 2 * bytesOf(message) - bytesOf(hint);
  const end = asMuch(evidence.length, room, (length) => evidence.slice(evidence.length - length));
  return { said: message, hint, evidence: end };
};

/** As fits, by tenths: what a character takes differs. */
const asMuch = (whole: number, most: number, part: (length: number) => string): string => {
  let length = whole;
  while (length > 0 && bytesOf(part(length)) > most) length = Math.floor(0.9 * length);
  return part(length);
};

/** As it travels: a quotation mark, a newline and a tab take two. */
const bytesOf = (text: string): number => Buffer.byteLength(JSON.stringify(text));
