import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { isLocked, lockHolder, lockStateFolder } from '../../src/operations/agent/agent-lock.js';
import { connectTemporal } from '../../src/temporal/client.js';
import { ensureEmbeddedServer } from '../../src/temporal/embedded-server.js';
import { isServerProcessAlive, readServerRecord } from '../../src/temporal/server-record.js';
import { ensureServing } from '../../src/temporal/serving.js';
import { isAlive, removeState, temporaryState } from '../support/embedded-server.js';
import { type NodeProcess, startFixture } from '../support/node-process.js';

let folder: string;
let state: string;
let running: NodeProcess[] = [];
beforeEach(async () => {
  folder = await temporaryState();
  state = join(folder, 'state');
  await mkdir(join(folder, 'files'));
});
afterEach(async () => {
  for (const one of running) one.kill('SIGKILL');
  await Promise.all(running.map((one) => one.ended));
  await vi.waitFor(async () => expect(await isLocked(state, 'supervisor')).toBe(false), { timeout: 60_000 });
  running = [];
  await removeState(state);
  await removeState(folder);
});

const configure = async (more = ''): Promise<string> => {
  const file = join(folder, 'holdfast.yaml');
  const text = `state: ${state}
repositories: { local: { local: ${folder}/repository } }
deployments: { edms: { files: { storage: ${folder}/files } } }
${more}`;
  await writeFile(file, text, { mode: 0o600 });
  return file;
};

const command = (file: string): NodeProcess => {
  const started = startFixture('ensure-serving.mjs', [file]);
  running.push(started);
  return started;
};

const serverRuns = async () => {
  const record = await readServerRecord(state);
  return record !== null && (await isServerProcessAlive(record));
};

test('a command that finds nobody brings up server and agent, and they go with it however it ends', async () => {
  const one = command(await configure());
  await one.says(/nobody serves.*\nTemporal server started.*\nagent ready.*\nserved/);
  const [supervisor, agent] = [await lockHolder(state, 'supervisor'), await lockHolder(state, 'agent')];
  one.kill('SIGKILL');
  await vi.waitFor(async () => expect(await serverRuns()).toBe(false), { timeout: 60_000 });
  await vi.waitFor(async () => expect(await isAlive(supervisor ?? 0)).toBe(false), { timeout: 60_000 });
  expect(await isAlive(agent ?? 0)).toBe(false);
});

test('two commands at once share one server and one agent', async () => {
  const file = await configure();
  const both = [command(file), command(file)];
  await Promise.all(both.map((one) => one.says('served')));
  const third = command(file);
  await third.says('served');
  expect(third.said()).toBe('served\n');
});

test('what up --once fails with is what the command fails with', async () => {
  const file = await configure();
  const held = await lockStateFolder(state, 'agent');
  const one = command(file);
  await one.ended;
  expect(one.said()).toContain(`AGENT_RUNNING: an agent (process ${process.pid}) already serves`);
  await held.release();
});

test('with a Temporal of one’s own, a queue that nobody polls is no agent', async () => {
  const server = await ensureEmbeddedServer(state);
  const temporal = { kind: 'address', address: server.address, namespace: 'holdfast' } as const;
  const asked = ensureServing({ file: '', agent: 'default', state, temporal }, () => undefined);
  await expect(asked).rejects.toMatchObject({ code: 'NO_AGENT' });
});

test('a Temporal that does not answer is named with its address', async () => {
  const temporal = { kind: 'address', address: '127.0.0.1:1', namespace: 'holdfast' } as const;
  await expect(connectTemporal({ state, temporal })).rejects.toMatchObject({
    code: 'TEMPORAL_UNREACHABLE',
    message: 'Temporal does not answer on 127.0.0.1:1',
  });
});
