// The door in front of the Temporal UI: open to this host’s browser, closed to pages that come from elsewhere.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type KeptServer, keepServer } from '../../src/temporal/keep-server.js';
import { readServerRecord, type ServerRecord } from '../../src/temporal/server-record.js';
import { hiddenHost, openDoor } from '../../src/temporal/ui-door.js';
import { listening } from '../support/listening.js';

let state: string;
let kept: KeptServer;
let record: ServerRecord;

beforeAll(async () => {
  state = await mkdtemp(join(tmpdir(), 'holdfast-ui-'));
  kept = await keepServer({ state, schedules: true, say: () => undefined });
  const found = await readServerRecord(state);
  if (found === null) throw new Error('no server runs');
  record = found;
  // The UI calls the server before it listens, and tries again a moment later.
  await vi.waitFor(async () => expect((await call({ path: '/api/v1/namespaces' })).status).toBe(200), 60_000);
});

afterAll(async () => {
  await kept.stop();
  await rm(state, { recursive: true });
});

interface Call {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string;
  port?: number;
}

const call = ({ method = 'GET', path = '/', headers = {}, body, port = record.uiPort }: Call) =>
  new Promise<{ status: number; cookie: string; allowed: string | undefined; body: string }>(
    (resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        answer.on('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            cookie: (answer.headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '',
            allowed: answer.headers['access-control-allow-origin'],
            body: text,
          }),
        );
      });
      asked.on('error', reject);
      asked.end(body);
    },
  );

const STARTED = '/api/v1/namespaces/holdfast/workflows/from-a-page';
const START = JSON.stringify({
  workflowType: { name: 'backup' },
  taskQueue: { name: 'holdfast.default' },
  workflowId: 'from-a-page',
});

const startFrom = async (headers: Record<string, string>) => {
  const { cookie } = await call({ path: '/api/v1/settings' });
  const token = cookie.replace('_csrf=', '');
  return call({
    method: 'POST',
    path: STARTED,
    body: START,
    headers: { 'content-type': 'application/json', cookie, 'x-csrf-token': token, ...headers },
  });
};

const isThere = async (): Promise<boolean> => (await call({ path: STARTED })).status === 200;

describe('the Temporal UI', () => {
  it.each(['127.0.0.1:8233', 'localhost:9000', '[::1]:8233'])(
    'is there for a browser at %s',
    async (host) => {
      const page = await call({ path: '/namespaces/holdfast/workflows', headers: { host } });
      expect(page.status).toBe(200);
      expect(page.body).toContain('<html');
    },
  );

  it.each([
    'evil.example',
    'evil.example:8233',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    '10.0.0.1',
  ])(
    'is not there for a page that calls this host %s, and nothing is started with a token of its own',
    async (host) => {
      expect((await call({ headers: { host } })).status).not.toBe(200);
      expect((await startFrom({ host })).status).not.toBe(200);
      expect(await isThere()).toBe(false);
    },
  );

  it('starts nothing for a page from elsewhere, although it has a token', async () => {
    expect((await startFrom({ origin: 'http://evil.example' })).status).toBe(403);
    expect((await startFrom({ origin: 'null' })).status).toBe(403);
    expect(await isThere()).toBe(false);
  });

  it.each(['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x'])(
    'starts nothing for a form that is posted as %s',
    async (type) => {
      const posted = await call({
        method: 'POST',
        path: STARTED,
        body: START,
        headers: { 'content-type': type },
      });
      expect(posted.status).toBe(400);
      expect(await isThere()).toBe(false);
    },
  );

  it('asks for its token although somebody claims to be authorized, and tells no foreign page that it may ask', async () => {
    const headers = { 'content-type': 'application/json', authorization: 'Bearer x' };
    expect((await call({ method: 'POST', path: STARTED, body: START, headers })).status).toBe(400);
    const preflight = {
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    };
    expect((await call({ method: 'OPTIONS', path: STARTED, headers: preflight })).allowed).toBeUndefined();
    expect(await isThere()).toBe(false);
  });

  it('starts what its own page asks for', async () => {
    const started = await startFrom({ origin: `http://127.0.0.1:${record.uiPort}` });
    expect(started).toMatchObject({ status: 200, body: expect.stringContaining('runId') });
    expect(await isThere()).toBe(true);
  });

  it('itself listens on an address that only this user can read', async () => {
    expect(record.ui.host).not.toBe('127.0.0.1');
    const [{ status }, text] = await Promise.all([
      call({ port: record.ui.port }).catch(() => ({ status: 0 })),
      readFile(join(state, 'temporal', 'server.json'), 'utf8'),
    ]);
    expect(status).toBe(0);
    expect(text).toContain(record.ui.host);
  });
});

it('a door takes another port where its own is taken, and says so when nobody is behind it', async () => {
  const other = createServer();
  const taken = await listening(other);
  const door = await openDoor(taken, { host: hiddenHost(), port: 9 });
  expect(door.port).not.toBe(taken);
  expect((await call({ port: door.port })).status).toBe(502);
  await door.close();
  await new Promise((resolve) => other.close(resolve));
});
