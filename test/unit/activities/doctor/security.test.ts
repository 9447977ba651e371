import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { stringify } from 'yaml';
import { lookAtSecurity } from '../../../../src/activities/doctor/security.js';
import { loadConfig } from '../../../../src/config/load.js';
import { writtenProgram } from '../../../support/written-program.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-security-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** What is said of a deployment, `level message`, with the folder's name left out. */
const said = async (settings: Record<string, unknown> = {}, mode = 0o600): Promise<string[]> => {
  const file = join(folder, 'holdfast.yaml');
  const edms = { files: { storage: join(folder, 'storage') }, ...settings };
  const repositories = { local: { local: join(folder, 'backups') } };
  await writeFile(file, stringify({ state: join(folder, 'state'), repositories, deployments: { edms } }));
  await chmod(file, mode);
  const config = await loadConfig({ file });
  const deployment = config.deployments.edms;
  if (deployment === undefined) throw new Error('no deployment');
  const findings = await lookAtSecurity(config, deployment, new AbortController().signal);
  return findings.map(({ level, message }) => `${level} ${message.replaceAll(folder, '…')}`);
};

const folderWith = async (name: string, mode: number, inside?: number): Promise<void> => {
  await mkdir(join(folder, name));
  if (inside !== undefined) {
    await writeFile(join(folder, name, 'file'), '');
    await chmod(join(folder, name, 'file'), inside);
  }
  await chmod(join(folder, name), mode);
};

describe('a folder of state or backups', () => {
  test.each([
    [0o700, 0o644, 'ok repository local: others can read nothing in …/backups'],
    [0o755, 0o600, 'ok repository local: others can read nothing in …/backups'],
    [0o755, 0o644, 'warning repository local: others can read what is in …/backups (mode 0755)'],
    [0o750, 0o640, 'warning repository local: others can read what is in …/backups (mode 0750)'],
    [0o777, 0o600, 'problem repository local: others can put something else into …/backups (mode 0777)'],
    [0o1777, 0o600, 'ok repository local: others can read nothing in …/backups'],
  ])('of mode %o with a file of mode %o', async (mode, inside, line) => {
    await folderWith('backups', mode, inside);
    expect(await said()).toContain(line);
  });

  test('is told of the state, too', async () => {
    await folderWith('state', 0o755, 0o644);
    expect(await said()).toContain('warning state folder: others can read what is in …/state (mode 0755)');
  });
});

describe('the configuration', () => {
  const withToken = {
    health: { checks: [{ http: { url: 'http://localhost/health?token=1' } }] },
  };
  const WARNING =
    'warning others can read …/holdfast.yaml, and the URL of a health check in it may hold a secret';

  test('may be read by others unless a URL in it may hold a secret', async () => {
    expect(await said({}, 0o644)).toContain(
      'ok …/holdfast.yaml gives no secret away: it holds references only',
    );
    expect(await said(withToken, 0o644)).toContain(WARNING);
    expect(await said(withToken, 0o640)).not.toContain(WARNING);
  });
});

test('whoever can use the engine’s socket is root', async () => {
  const socket = join(folder, 'd.sock');
  const docker = await writtenProgram('docker');
  const server = createServer().listen(socket);
  vi.stubEnv('PATH', [docker.folder, process.env.PATH ?? ''].join(delimiter));
  const services = [{ container: 'web' }];
  try {
    await docker.does(`echo unix://${socket}`);
    await chmod(socket, 0o660);
    expect(await said({ services })).toContain('ok the Docker engine’s socket …/d.sock is closed to others');
    await chmod(socket, 0o666);
    const open =
      'problem every user of this host can use the Docker engine’s socket …/d.sock, and is root by that';
    expect(await said({ services })).toContain(open);
    expect(await said()).not.toContain(open);
    await docker.does('echo tcp://10.0.0.7:2375');
    expect(await said({ services })).toContainEqual(
      expect.stringMatching(/^warning the Docker engine is reached over the network, at tcp:/),
    );
    await docker.does('exit 1');
    expect((await said({ services })).join()).not.toContain('engine');
  } finally {
    vi.unstubAllEnvs();
    server.close();
    await docker.remove();
  }
});
