// A restic repository on a disk of its own: what is said when that is full or mounted read-only, and what can be done there still.
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runEffect } from '../../src/domain/effect.js';
import { openRepository } from '../../src/repositories/open-repository.js';
import { canMount, mountMemory } from '../support/mounts.js';
import { bytesOf, shellSource, storeContext } from '../support/repository.js';
import { type ResticVault, resticVault } from '../support/restic-vault.js';

let vault: ResticVault;
let disk: string;
let mounted = false;
beforeEach(async () => {
  vault = await resticVault();
  disk = join(vault.folder, 'disk');
  await mkdir(disk);
});
afterEach(async () => {
  if (mounted) execFileSync('umount', [disk]);
  mounted = false;
  await rm(vault.folder, { recursive: true, force: true });
});

/** The repository moves onto it. */
const onDisk = (options: string) => {
  mountMemory(options, disk);
  mounted = true;
  execFileSync('cp', ['-a', join(vault.folder, 'vault'), join(disk, 'vault')]);
  return openRepository(vault.at('disk/vault'));
};

describe.runIf(canMount() || process.env.CI)('a restic repository on a disk', () => {
  it('that is full stops an artifact with DISK_FULL, is unlocked, and is pruned next', async () => {
    const repository = onDisk('size=12m');
    const storing = repository.store(
      'edms/b1',
      shellSource('a', 'head -c 40000000 /dev/urandom'),
      storeContext(),
    );
    await expect(storing).rejects.toMatchObject({
      code: 'DISK_FULL',
      retryable: false,
      message: `repository disk/vault at ${disk}/vault: it is full`,
    });
    expect(await readdir(join(disk, 'vault', 'locks'))).toEqual([]);
    expect(repository.takeRemoved?.()).toBe(true);
  });

  it('that is mounted read-only says so at once, and can be restored from', async () => {
    const repository = onDisk('size=40m');
    await repository.store('edms/b1', shellSource('a', 'seq 1 300000'), storeContext());
    mountMemory('remount,ro', disk);
    const refused = {
      code: 'REPOSITORY_UNREACHABLE',
      message: `repository disk/vault at ${disk}/vault cannot be written: it is mounted read-only`,
    };
    await expect(repository.check()).rejects.toMatchObject(refused);
    await expect(repository.put('edms/b1/b', Buffer.from('b'), runEffect)).rejects.toMatchObject(refused);
    await expect(repository.removeFolder('edms/b1', runEffect)).rejects.toMatchObject(refused);
    expect(await repository.inspect?.(new AbortController().signal)).toEqual([]);
    const bytes = await bytesOf(await repository.open('edms/b1/a'));
    expect(bytes.toString()).toMatch(/^1\n2\n[\d\n]*\n300000\n$/);
    const mending = {
      ...{ signal: new AbortController().signal, effect: runEffect },
      folder: join(vault.folder, 'mending'),
    };
    expect(await repository.mend?.(mending)).toBe(true);
    mountMemory('remount,rw', disk);
    await writeFile(join(disk, 'vault', 'snapshots', '0'.repeat(64)), 'no snapshot');
    mountMemory('remount,ro', disk);
    await expect(repository.mend?.(mending)).rejects.toMatchObject(refused);
  });
});
