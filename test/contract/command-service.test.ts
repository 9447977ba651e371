// A service that is run by commands: a real process with a pid file.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { ServiceSettings } from '../../src/config/service-settings.js';
import { runEffect } from '../../src/domain/effect.js';
import { stopAll, unitsOf } from '../../src/services/service.js';
import { runProgram } from '../../src/tools/process.js';
import { serviceSuite } from './service-suite.js';

const PROGRAM = fileURLToPath(new URL('../fixtures/programs/pid-service/pid-service', import.meta.url));

const settingsOf = (program: string, folder: string): ServiceSettings => ({
  kind: 'command',
  stop: [program, 'stop', folder],
  start: [program, 'start', folder],
  status: [program, 'status', folder],
  duringBackup: 'keep',
});

serviceSuite('command', { states: ['running', 'stopped'], unknownCode: 'TOOL_MISSING' }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-pid-service-'));
  const ask = (verb: string) =>
    runProgram({ program: PROGRAM, args: [verb, folder], acceptedExitCodes: [3] });
  const stop = () => ask('stop');
  return {
    settings: settingsOf(PROGRAM, folder),
    unknown: settingsOf(join(folder, 'none'), folder),
    bring: async (state) => {
      if (state === 'stopped') await stop();
      else await startByHand(folder);
    },
    state: async () => ((await ask('status')).exitCode === 0 ? 'running' : 'stopped'),
    breakIt: async () => {
      await writeFile(join(folder, 'breaks'), '');
      return 'the port is taken';
    },
    remove: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
});

/** In a session of its own, as a terminal would leave it: what runProgram starts goes with it. */
const startByHand = (folder: string) =>
  runProgram({
    program: 'sh',
    args: ['-c', 'setsid "$0" start "$1" >/dev/null 2>&1', PROGRAM, folder],
  });

it.each([4, 127])('a status of %i is no answer', async (exitCode) => {
  const settings: ServiceSettings = {
    kind: 'command',
    stop: ['true'],
    start: ['true'],
    status: ['sh', '-c', `echo the socket is gone >&2; exit ${exitCode}`],
    duringBackup: 'keep',
  };
  await expect(unitsOf([settings])).rejects.toMatchObject({
    code: 'SERVICE_FAILED',
    message: expect.stringContaining(`exit ${exitCode}: the socket is gone`),
  });
});

it('a stop command that stops nothing has failed', async () => {
  const settings: ServiceSettings = {
    kind: 'command',
    stop: ['true'],
    start: ['true'],
    status: ['true'],
    duringBackup: 'keep',
  };
  await expect(stopAll(await unitsOf([settings]), runEffect)).rejects.toMatchObject({
    code: 'SERVICE_FAILED',
    message: 'command true is not stopped',
  });
});
