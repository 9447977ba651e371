import { delimiter } from 'node:path';
import { vi } from 'vitest';
import { inspection } from '../support/container-inspection.js';
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
    pass: () => inspected({ Health: { Status: 'healthy', Log: [] } }),
    fail: () =>
      inspected({
        Health: { Status: 'unhealthy', Log: [{ Output: 'trying\ncurl: (22) error: 503\n' }] },
      }),
    hang: () => docker.does('exec sleep 60'),
    remove: async () => {
      vi.unstubAllEnvs();
      await docker.remove();
    },
  };
});
