import { mkdir, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { lookAtApplication } from '../../../../src/activities/doctor/application.js';
import { loadConfig } from '../../../../src/config/load.js';
import type { Finding } from '../../../../src/domain/findings.js';
import { inspection } from '../../../support/container-inspection.js';
import { createFilesDeployment, type FilesDeployment } from '../../../support/files-deployment.js';
import { type WrittenProgram, writtenProgram } from '../../../support/written-program.js';

let docker: WrittenProgram;
let deployment: FilesDeployment;
beforeEach(async () => {
  [docker, deployment] = await Promise.all([writtenProgram('docker'), createFilesDeployment()]);
  vi.stubEnv('PATH', [docker.folder, process.env.PATH ?? ''].join(delimiter));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all([docker.remove(), deployment.remove()]);
});

const found = async (settings: object): Promise<Finding[]> => {
  await deployment.configure(settings);
  const { edms } = (await loadConfig({ file: deployment.file })).deployments;
  if (edms === undefined) throw new Error('no deployment');
  const { signal } = new AbortController();
  return lookAtApplication({ deployment: edms, applicationName: 'holdfast:test', signal });
};

/** All but the host’s own line, as `level message`. */
const said = async (settings: object): Promise<string[]> =>
  (await found(settings)).slice(0, -1).map(({ level, message }) => `${level} ${message}`);

/** An engine with one container, which mounts a folder of the host. */
const engineWith = async (state: object): Promise<void> => {
  const engineFile = join(deployment.folder, 'hosts');
  await writeFile(engineFile, '');
  const source = join(deployment.folder, 'mounted');
  const container = {
    ...inspection(state),
    HostsPath: engineFile,
    Mounts: [{ Type: 'bind', Source: source, Destination: '/data' }],
  };
  const used = { ID: 'c0ffee', CPUPerc: '1.93%', MemUsage: '23.4GiB / 23.5GiB', MemPerc: '99.6%' };
  await docker.does(
    `if [ "$1" = stats ]; then echo '${JSON.stringify(used)}'; else cat <<'END'\n${JSON.stringify([container])}\nEND\nfi`,
  );
};

const services = [{ container: 'edms-web-1' }];

test('a container that runs is told with what it uses; hardly any memory left is a warning', async () => {
  await engineWith({});
  await mkdir(join(deployment.folder, 'mounted'));
  expect(await said({ services })).toEqual([
    'ok container edms-web-1 is running',
    'warning container edms-web-1 uses 1.93% of a processor, 23.4GiB / 23.5GiB of memory',
  ]);
});

test('a bind source that is missing is a problem for what runs, and a warning for what is stopped', async () => {
  const mounted = join(deployment.folder, 'mounted');
  await engineWith({});
  expect(await said({ services })).toEqual([
    `problem container edms-web-1 mounts ${mounted}, which is not there`,
  ]);
  await engineWith({ Status: 'exited' });
  expect(await said({ services })).toEqual([
    'warning container edms-web-1 is stopped',
    `warning container edms-web-1 mounts ${mounted}, which is not there`,
  ]);
});

test('what keeps being started again is a warning', async () => {
  await mkdir(join(deployment.folder, 'mounted'));
  await engineWith({ Status: 'restarting' });
  expect((await said({ services }))[0]).toBe(
    'warning container edms-web-1 keeps ending and being started again',
  );
});

test('one service that is missing hides no other', async () => {
  await docker.does(`
    case "$*" in
      *service=web*) echo c0ffee;;
      *inspect*) cat <<'END'\n${JSON.stringify([inspection({})])}\nEND\n;;
      *) exit 0;;
    esac`);
  const lines = await said({ services: [{ compose: { project: 'edms', services: ['wbe', 'web'] } }] });
  expect(lines).toEqual([
    expect.stringMatching(/^problem there is no .*edms/),
    'ok compose edms/web is running',
  ]);
});

test('an engine that does not answer is a problem of every service that needs it, and of nothing else', async () => {
  await docker.does(`echo 'Cannot connect to the Docker daemon at unix:///x. Is it running?' >&2; exit 1`);
  const status = ['test', '-e', deployment.storage];
  const own = { command: { stop: ['true'], start: ['true'], status } };
  const all = await found({
    services: [...services, own],
    health: { checks: [{ container: 'edms-web-1' }] },
  });
  expect(all.map(({ level, message }) => `${level} ${message}`).slice(0, 3)).toEqual([
    'problem the Docker engine does not answer at unix:///x',
    'ok command true is running',
    'warning health: container edms-web-1 could not be checked: the Docker engine does not answer at unix:///x',
  ]);
  await rm(deployment.storage, { recursive: true });
  expect(await said({ services: [own] })).toEqual(['warning command true is stopped']);
});
