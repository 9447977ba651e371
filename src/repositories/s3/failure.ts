// What an S3 server or the network says, as a Failure that names the repository and the next step. Answers are read by
// meaning: servers differ in names and status codes. Nothing of a request or its signature goes along.
import type { S3Settings } from '../../config/config.js';
import { Failure } from '../../domain/failure.js';
import { type Answer, meaningOf } from './meaning.js';

export const locationOf = ({ bucket, prefix, endpoint }: S3Settings): string =>
  `s3://${[bucket, prefix].filter((part) => part !== '').join('/')}${endpoint === null ? '' : ` at ${new URL(endpoint).host}`}`;

export const s3Failure = (settings: S3Settings, thrown: unknown): Failure => {
  if (thrown instanceof Failure) return thrown;
  const answer = readAnswer(thrown);
  const meaning = meaningOf(answer, settings);
  return new Failure(meaning.code, `${called(settings)}: ${meaning.why}`, {
    ...meaning,
    evidence: `${answer.name}${answer.status === null ? '' : ` (${answer.status})`}: ${wordsOf(thrown)}`,
    cause: answer,
  });
};

export const called = (settings: S3Settings): string =>
  `repository ${settings.name} (${locationOf(settings)})`;

/** Whether a Failure of this kind of repository came of one of these answers. */
export const isAnswer = (error: unknown, ...names: string[]): boolean => {
  const answer = answerOf(error);
  return answer !== null && (names.includes(answer.name) || names.includes(String(answer.status)));
};

export const nullWhenMissing = (error: unknown): null => {
  if (isAnswer(error, 'NoSuchKey', 'NotFound')) return null;
  throw error;
};

const answerOf = (error: unknown): Answer | null => {
  const cause = error instanceof Failure ? error.cause : undefined;
  return typeof cause === 'object' && cause !== null && 'status' in cause && 'name' in cause
    ? (cause as Answer)
    : null;
};

const readAnswer = (thrown: unknown): Answer => {
  if (!(thrown instanceof Error)) return { name: 'Unknown', status: null };
  const { $metadata, code } = thrown as {
    $metadata?: { httpStatusCode?: number };
    code?: unknown;
  };
  const name = typeof code === 'string' && !('$fault' in thrown) ? code : thrown.name;
  return { name, status: $metadata?.httpStatusCode ?? null };
};

const wordsOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : '').slice(0, 500);
