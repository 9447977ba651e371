// http: an answer with the expected status and, where that is asked for, the expected text or JSON value in its body.
import type { HealthCheckSettings } from '../config/service-settings.js';
import { connectionWords } from './connection-words.js';
import type { Probe, Seen } from './health-check.js';
import { type HttpAnswer, httpGet } from './http-get.js';
import { jsonProblem } from './json-value.js';

type HttpSettings = Extract<HealthCheckSettings, { kind: 'http' }>;

export const httpProbe = (settings: HttpSettings): Probe => ({
  label: withoutQuery(settings.url),
  look: (signal) => look(settings, signal),
});

/** A query may hold a token. */
export const withoutQuery = (url: string): string => url.replace(/\?.*$/s, '?…');

const look = async (settings: HttpSettings, signal: AbortSignal): Promise<Seen> => {
  const withBody = settings.contains !== null || settings.json !== null;
  try {
    const answer = await httpGet(settings.url, { signal, withBody });
    const problem = problemOf(answer, settings);
    return { ok: problem === null, words: problem ?? `answered ${answer.status}` };
  } catch (error) {
    signal.throwIfAborted();
    return { ok: false, words: connectionWords(error) };
  }
};

const problemOf = (answer: HttpAnswer, { status, contains, json }: HttpSettings): string | null => {
  if (answer.status !== status) return `answered ${answer.status} instead of ${status}`;
  if (contains !== null && !answer.body.includes(contains))
    return `answered with a body that does not contain ${JSON.stringify(contains)}${answer.cut ? ' in its first MB' : ''}`;
  if (json === null) return null;
  return answer.cut
    ? 'answered with more than 1 MB, too much to read as JSON'
    : jsonProblem(answer.body, json);
};
