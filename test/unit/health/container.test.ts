import { readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openHealthCheck } from '../../../src/health/open-health-check.js';
import { inspection } from '../../support/container-inspection.js';
import { type WrittenProgram, writtenProgram } from '../../support/written-program.js';

let docker: WrittenProgram;
beforeEach(async () => {
  docker = await writtenProgram('docker');
  vi.stubEnv('PATH', [docker.folder, process.env.PATH ?? ''].join(delimiter));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await docker.remove();
});

const seen = async (): Promise<string> => {
  const check = openHealthCheck(
    { kind: 'container', container: { kind: 'container', name: 'edms-web-1' } },
    { query: () => Promise.reject(new Error('not asked')) },
  );
  const { ok, words } = await check.check(new AbortController().signal);
  return `${ok ? 'passes' : 'fails'}: ${words}`;
};

const healthy = { Status: 'healthy', Log: [{ Output: 'ok' }] };
const starting = { Status: 'starting', Log: [] };

test.each([
  [{ Status: 'running', Health: healthy }, 'passes: container edms-web-1 is healthy'],
  [{ Status: 'running' }, 'passes: container edms-web-1 is running'],
  [{ Status: 'running', Health: starting }, 'fails: container edms-web-1 is starting'],
  [{ Status: 'exited', ExitCode: 137, Health: healthy }, 'fails: container edms-web-1 is stopped (exit 137)'],
  [{ Status: 'created' }, 'fails: container edms-web-1 is stopped (exit 0)'],
  [{ Status: 'paused', Health: healthy }, 'fails: container edms-web-1 is paused'],
  [{ Status: 'restarting', ExitCode: 1 }, 'fails: container edms-web-1 is restarting'],
])('a container’s health counts only while it runs: %j', async (state, words) => {
  await docker.does(`cat <<'END'\n${JSON.stringify([inspection(state)])}\nEND`);
  expect(await seen()).toBe(words);
});

test('a container that is gone is said to be gone', async () => {
  await docker.does(`
    if [ "$2" = ls ]; then exit 0; fi
    echo 'Error response from daemon: No such container: edms-web-1' >&2; exit 1`);
  expect(await seen()).toBe('fails: container edms-web-1 is not there: there is no container edms-web-1');
});

test('an engine that does not answer is not taken for a container that is gone', async () => {
  await docker.does(
    `echo 'Cannot connect to the Docker daemon at unix:///run/docker.sock. Is the docker daemon running?' >&2; exit 1`,
  );
  expect(await seen()).toBe(
    'fails: container edms-web-1 could not be checked: the Docker engine does not answer at unix:///run/docker.sock',
  );
});

test('a look that gave up leaves no docker program behind', async () => {
  await docker.does(`echo $$ > '${docker.folder}/pid'; exec sleep 60`);
  const check = openHealthCheck(
    { kind: 'container', container: { kind: 'container', name: 'edms-web-1' } },
    { query: () => Promise.reject(new Error('not asked')), lookWithinMs: 2000 },
  );
  expect(await check.check(new AbortController().signal)).toMatchObject({
    ok: false,
    words: 'container edms-web-1 timed out after 2 s',
  });
  const pid = Number(await readFile(join(docker.folder, 'pid'), 'utf8'));
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});
