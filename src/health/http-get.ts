// One GET on a connection of its own: a kept one may belong to a server that is gone. No proxy, and no redirect is followed.
import { once } from 'node:events';
import { type IncomingMessage, get as overHttp } from 'node:http';
import { get as overHttps } from 'node:https';

export interface HttpAnswer {
  status: number;
  /** At most 1 MB of it. */
  body: string;
  /** There is more. */
  cut: boolean;
}

const MOST_BYTES = 1_048_576;

/** @param withBody false: only the status is waited for */
export const httpGet = async (
  url: string,
  { signal, withBody }: { signal: AbortSignal; withBody: boolean },
): Promise<HttpAnswer> => {
  const get = new URL(url).protocol === 'https:' ? overHttps : overHttp;
  const headers = { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'holdfast' };
  const request = get(url, { agent: false, headers, signal });
  // Its later errors, after the answer was read as far as it matters, are nobody's.
  request.on('error', () => {});
  try {
    const [response]: IncomingMessage[] = await once(request, 'response');
    if (response === undefined) throw new Error('no response');
    const status = response.statusCode ?? 0;
    return { status, ...(withBody ? await read(response) : { body: '', cut: false }) };
  } finally {
    request.destroy();
  }
};

const read = async (response: IncomingMessage): Promise<{ body: string; cut: boolean }> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MOST_BYTES) break;
  }
  return {
    body: Buffer.concat(chunks).subarray(0, MOST_BYTES).toString('utf8'),
    cut: bytes > MOST_BYTES,
  };
};
