// docs/recovery.md tells how to check a backup's signature with stock tools: its very commands, on a real backup.
import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { knownSigningKey } from '../../src/catalog/signing-key.js';
import { backUp } from '../support/backup-by-hand.js';
import { createFilesDeployment } from '../support/files-deployment.js';

const deployment = await createFilesDeployment();
afterAll(() => deployment.remove());

it('the commands of docs/recovery.md accept what this host has signed, and nothing that was changed', async () => {
  const { backup } = await backUp(deployment.dependencies, 'edms');
  const folder = join(deployment.folder, 'backups', 'edms', backup);
  const page = await readFile(new URL('../../docs/recovery.md', import.meta.url), 'utf8');
  const [, block = ''] = /^```sh\n([\s\S]*?openssl[\s\S]*?)^```$/m.exec(page) ?? [];
  const key = await knownSigningKey(deployment.dependencies.state);
  const type = () =>
    spawnSync('sh', ['-e', '-c', block], {
      cwd: folder,
      env: { PATH: process.env.PATH ?? '', SIGNING_KEY: key?.publicKey ?? '' },
      encoding: 'utf8',
    });
  const good = type();
  expect(good).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('Signature Verified Successfully'),
  });
  const manifest = await readFile(join(folder, 'manifest.json'), 'utf8');
  for (const [, sha256, name] of good.stdout.matchAll(/^([0-9a-f]{64}) {2}(.*)$/gm))
    expect(JSON.parse(manifest).documents).toContainEqual(expect.objectContaining({ name, sha256 }));
  await writeFile(join(folder, 'manifest.json'), manifest.replace('manual', 'Manual'));
  expect(type().status).not.toBe(0);
});
