// The disk of the state folder is full: whoever stumbles over it says which disk it is.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.js';
import { asFailure } from '../../src/domain/failure.js';
import { replaceJson } from '../../src/operations/state-folder.js';
import { readStatus } from '../../src/operations/status/read-status.js';
import { startAgent } from '../../src/temporal/agent-process.js';
import { smallDisk } from '../support/scenario-hosts.js';

let folder: string;
let unmount: () => void;
const state = () => join(folder, 'state');
const config = () => join(folder, 'holdfast.yaml');
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-state-'));
  unmount = smallDisk(state(), 1);
  await writeFile(join(state(), 'agent.log'), '');
  await writeFile(join(state(), 'filling'), Buffer.alloc(2e6)).catch(() => undefined);
  const deployments = { app: { files: { storage: join(folder, 'storage') } } };
  const repositories = { local: { local: join(folder, 'backups') } };
  const text = JSON.stringify({ state: state(), repositories, deployments });
  await writeFile(config(), text, { mode: 0o600 });
});
afterEach(async () => {
  unmount();
  await rm(folder, { recursive: true, force: true });
});

const words = () => expect.stringContaining(`the disk of the state folder ${state()} has 0 MB free`);

it('a file that cannot be written is named', async () => {
  const writing = replaceJson(join(state(), 'edms.json'), { padding: 'x'.repeat(10_000) });
  const failure = asFailure(await writing.catch((error: unknown) => error));
  expect(failure).toMatchObject({ code: 'DISK_FULL', message: expect.stringContaining(`disk: ${state()}/`) });
});

it('an agent that ends without a word is explained by it', async () => {
  const program = join(folder, 'agent.mjs');
  await writeFile(program, 'process.exit(1);\n');
  const start = { config: { file: config(), state: state() }, program, say: () => undefined };
  const starting = startAgent({ ...start, stop: new AbortController().signal });
  await expect(starting).rejects.toMatchObject({ code: 'DISK_FULL', message: words() });
});

it('the page of status knows how much is left', async () => {
  const page = await readStatus(await loadConfig({ file: config() }), { deployments: [], now: new Date() });
  expect(page.state).toMatchObject({ folder: state(), freeBytes: 0 });
});
