import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startCluster } from '../support/postgres-cluster.js';

const START = `import { startCluster } from './test/support/postgres-cluster.ts';
const { socketFolder, url } = await startCluster();
process.stdout.write(JSON.stringify({ socketFolder, url: url('postgres') }) + '\\n');`;

describe('a cluster of a test', () => {
  it('is gone with its folder after stop', async () => {
    const cluster = await startCluster();
    expect(await cluster.query('postgres', 'select 1 as one')).toEqual([{ one: 1 }]);
    await cluster.stop();
    expect(existsSync(cluster.socketFolder)).toBe(false);
    await expect(cluster.query('postgres', 'select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('is gone with its folder when the process that started it is killed', async () => {
    const args = ['--import', 'tsx', '--input-type=module', '-e', START];
    const owner = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await Promise.race([once(owner.stdout, 'data'), once(owner, 'exit')]);
    const { socketFolder } = JSON.parse(String(line));
    expect(existsSync(socketFolder)).toBe(true);
    owner.kill('SIGKILL');
    while (existsSync(socketFolder)) await pause(20);
  });

  it('says why it does not start', async () => {
    await expect(startCluster({ settings: { shared_buffers: 'lots' } })).rejects.toThrow(/shared_buffers/);
  });
});
