import { delimiter } from 'node:path';
import { vi } from 'vitest';
import { writtenProgram } from '../support/written-program.js';
import { healthSuite } from './health-suite.js';

healthSuite('container', async () => {
  const docker = await writtenProgram('docker');
  vi.stubEnv('PATH', [docker.folder, process.env.PATH ?? ''].join(delimiter));
  const inspected = (state: object) =>
    docker.does(`cat <<'END'\n${JSON.stringify([inspection(state)])}\nEND`);
  return {
    settings: { kind: 'container', container: { kind: 'container', name: 'edms-web-1' } },
    label: 'container edms-web-1',
    words: { passing: 'is healthy', failing: 'is unhealthy: curl: (22) error: 503' },
    pass: () => inspected({ Status: 'running', ExitCode: 0, Health: { Status: 'healthy', Log: [] } }),
    fail: () =>
      inspected({
        Status: 'running',
        ExitCode: 0,
        Health: { Status: 'unhealthy', Log: [{ Output: 'trying\ncurl: (22) error: 503\n' }] },
      }),
    hang: () => docker.does('exec sleep 60'),
    remove: async () => {
      vi.unstubAllEnvs();
      await docker.remove();
    },
  };
});

/** What an engine says of a container, as far as it is read. */
const inspection = (state: object) => ({
  Id: 'c0ffee',
  Name: '/edms-web-1',
  Image: 'sha256:0123',
  State: state,
  Config: { Image: 'edms:2' },
  HostConfig: { NetworkMode: 'edms_default' },
  Mounts: [],
  NetworkSettings: { Networks: {}, Ports: {} },
});
