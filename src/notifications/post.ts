// One POST on a connection of its own. No proxy, and no redirect is followed: the body would go to somebody else.
import { once } from 'node:events';
import { type IncomingMessage, request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import { Failure } from '../domain/failure.js';

export interface Post {
  url: URL;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** Resolves when the other side has said that it took it. Failure NOTIFY_FAILED names the host alone: a path may be secret. */
export const post = async ({ url, headers, body }: Post, signal: AbortSignal): Promise<void> => {
  const request = (url.protocol === 'https:' ? overHttps : overHttp)(url, {
    method: 'POST',
    agent: false,
    headers: { 'user-agent': 'holdfast', ...headers, 'content-length': String(Buffer.byteLength(body)) },
    signal,
  });
  // Its later errors, after the answer was read, are nobody's.
  request.on('error', () => {});
  try {
    request.end(body);
    const [response]: IncomingMessage[] = await once(request, 'response');
    requireTaken(url, response?.statusCode ?? 0);
  } catch (error) {
    throw error instanceof Failure ? error : unreachable(url, error);
  } finally {
    request.destroy();
  }
};

const requireTaken = ({ host }: URL, status: number): void => {
  if (status >= 200 && status < 300) return;
  throw new Failure('NOTIFY_FAILED', `${host} answered ${status}`, {
    hint: HINTS[status] ?? (status < 500 ? 'check the address, and what the other side expects' : undefined),
    retryable: status >= 500 || status === 408 || status === 429,
  });
};

const HINTS: Readonly<Record<number, string>> = {
  301: 'give the address that it redirects to',
  302: 'give the address that it redirects to',
  307: 'give the address that it redirects to',
  308: 'give the address that it redirects to',
  401: 'check its secret or token',
  403: 'check its secret or token',
  404: 'check the address: it may have been removed over there',
  429: 'it is told too often; it is tried again',
};

const unreachable = ({ host }: URL, error: unknown): Failure => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const why = WORDS[code] ?? (error instanceof Error && error.message !== '' ? error.message : code);
  return new Failure('NOTIFY_FAILED', `${host} ${why}`, { cause: error });
};

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused the connection',
  ECONNRESET: 'closed the connection before it had answered',
  EPIPE: 'closed the connection before it had answered',
  ENOTFOUND: 'does not resolve',
  EAI_AGAIN: 'cannot be looked up now',
  EHOSTUNREACH: 'cannot be reached',
  ENETUNREACH: 'cannot be reached',
};
