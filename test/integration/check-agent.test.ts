import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { checkAgent } from '../../src/cli/check-agent.js';
import { lockStateFolder } from '../../src/operations/agent/agent-lock.js';
import { connectTemporal } from '../../src/temporal/client.js';
import { ensureEmbeddedServer, stopEmbeddedServer } from '../../src/temporal/embedded-server.js';
import { createServerFolder, readServerRecord, writeServerRecord } from '../../src/temporal/server-record.js';
import { removeState, temporaryState } from '../support/embedded-server.js';

let state: string;
beforeEach(async () => {
  state = await temporaryState();
});
afterEach(() => removeState(state));

const served = (folder: string) => ({
  agent: 'default',
  state: folder,
  temporal: { kind: 'embedded' as const },
});

/** A server of another state folder, on the ports that this one's server had. */
const takeItsPorts = async () => {
  const other = await temporaryState();
  onTestFinished(() => removeState(other));
  const record = await readServerRecord(state);
  if (record === null) throw new Error('there is no server.json');
  await createServerFolder(other);
  await writeServerRecord(other, record);
  const { address } = await ensureEmbeddedServer(other);
  expect(address).toBe(`127.0.0.1:${record.port}`);
};

test('another one’s server on the port that ours had is not taken for ours', async () => {
  await ensureEmbeddedServer(state);
  await stopEmbeddedServer(state);
  await takeItsPorts();
  expect(await checkAgent(served(state))).toMatchObject({
    level: 'ok',
    message: 'no agent runs now; commands start one when they need it',
  });
  await expect(connectTemporal(served(state))).rejects.toMatchObject({ code: 'TEMPORAL_UNREACHABLE' });
});

test('an agent that starts or ends just now is no problem, and one that serves nobody after all is', async () => {
  const lock = await lockStateFolder(state, 'supervisor');
  expect(await checkAgent(served(state), 1)).toMatchObject({ level: 'problem' });
  const looking = checkAgent(served(state), 60_000);
  await lock.release();
  expect(await looking).toMatchObject({ level: 'ok' });
});

test('a server without an agent is no problem where nobody keeps it', async () => {
  await ensureEmbeddedServer(state);
  expect(await checkAgent(served(state))).toMatchObject({ level: 'ok' });
});

test('where the program of the embedded server is missing no command could start one', async () => {
  vi.stubEnv('TEMPORAL_CLI_PATH', `${state}/temporal`);
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(await checkAgent(served(state))).toMatchObject({
    level: 'problem',
    message: `no agent runs now, and none can start: TEMPORAL_CLI_PATH is ${state}/temporal, which is not a program`,
    hint: expect.stringContaining('fetch it with'),
  });
});
