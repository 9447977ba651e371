import { delimiter } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { HealthCheckSettings } from '../../../src/config/service-settings.js';
import { impossible } from '../../../src/health/impossible.js';
import { inspection } from '../../support/container-inspection.js';
import { servedPage } from '../../support/served-page.js';
import { writtenProgram } from '../../support/written-program.js';

const said = (settings: HealthCheckSettings) => impossible(settings, { databases: ['main'] });
const http = { kind: 'http' as const, status: 200, contains: null, json: null };

test('a program that is not installed never exits with 0', async () => {
  expect(await said({ kind: 'command', command: ['holdfast-no-such-program', 'x'] })).toBe(
    'holdfast-no-such-program is not installed',
  );
  expect(await said({ kind: 'command', command: ['sh', '-c', 'exit 1'] })).toBeNull();
});

test('a database that is not configured is never asked', async () => {
  expect(await said({ kind: 'sql', database: 'audit', query: 'select true' })).toBe(
    'there is no database audit in this deployment',
  );
  expect(await said({ kind: 'sql', database: 'main', query: 'select false' })).toBeNull();
});

test('an answer that has no body holds nothing', async () => {
  expect(await said({ ...http, url: 'http://127.0.0.1/health', status: 204, contains: 'ok' })).toBe(
    'http://127.0.0.1/health: an answer 204 has no body to look into',
  );
});

test('what is only down now may come up', async () => {
  const page = await servedPage();
  await page.close();
  expect(await said({ ...http, url: page.url })).toBeNull();
  expect(await said({ ...http, url: `http://[::1]:${page.port}/` })).toBeNull();
  expect(await said({ kind: 'tcp', host: '127.0.0.1', port: page.port })).toBeNull();
});

test('a container that is not there can neither run nor be healthy; one that is stopped can', async () => {
  const docker = await writtenProgram('docker');
  vi.stubEnv('PATH', [docker.folder, process.env.PATH ?? ''].join(delimiter));
  try {
    const settings = { kind: 'container' as const, container: { kind: 'container' as const, name: 'edms' } };
    await docker.does(`
      if [ "$2" = ls ]; then exit 0; fi
      echo 'Error response from daemon: No such container: edms' >&2; exit 1`);
    expect(await said(settings)).toBe('container edms: there is no container edms');
    const stopped = inspection({ Status: 'exited', ExitCode: 0 });
    await docker.does(`cat <<'END'\n${JSON.stringify([stopped])}\nEND`);
    expect(await said(settings)).toBeNull();
    await docker.does(`echo 'Cannot connect to the Docker daemon at unix:///x. Is it running?' >&2; exit 1`);
    expect(await said(settings)).toBeNull();
  } finally {
    vi.unstubAllEnvs();
    await docker.remove();
  }
});
