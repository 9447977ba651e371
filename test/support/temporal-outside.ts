// Temporal's own two ways in, as somebody uses them who has no holdfast command: the Temporal CLI and the HTTP API.
import { request } from 'node:http';
import { execa } from 'execa';
import { findTemporalCli } from '../../src/temporal/cli-binary.js';
import { readServerRecord, type ServerRecord } from '../../src/temporal/server-record.js';

export interface Said {
  exit: number;
  /** On stdout, then on stderr. */
  said: string;
}

/** `temporal …` against the embedded server of that state folder. */
export const temporal = async (state: string, ...args: string[]): Promise<Said> => {
  const { port } = await recordOf(state);
  const where = ['--address', `127.0.0.1:${port}`, '--namespace', 'holdfast'];
  const { exitCode, stdout, stderr } = await execa(await findTemporalCli(), [...args, ...where], {
    stdin: 'ignore',
    reject: false,
    timeout: 60_000,
  });
  return { exit: exitCode ?? -1, said: `${stdout}\n${stderr}` };
};

export interface Answer {
  status: number | undefined;
  body: unknown;
}

export interface Call {
  /** POSTed as JSON; without it, GET. */
  body?: unknown;
  /** Instead of the secret one. */
  host?: string;
}

/** Below `/api/v1/namespaces/holdfast/workflows`. */
export const http = async (state: string, path: string, { body, host }: Call = {}): Promise<Answer> => {
  const { httpPort, httpHost } = await recordOf(state);
  const url = `http://127.0.0.1:${httpPort}/api/v1/namespaces/holdfast/workflows${path}`;
  const headers = { host: host ?? httpHost, 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const call = request(url, { method: body === undefined ? 'GET' : 'POST', headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      answer.on('end', () => resolve({ status: answer.statusCode, body: parsed(text) }));
    });
    call.on('error', reject);
    call.end(body === undefined ? undefined : JSON.stringify(body));
  });
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const recordOf = async (state: string): Promise<ServerRecord> => {
  const record = await readServerRecord(state);
  if (record === null) throw new Error(`no server serves ${state}`);
  return record;
};
