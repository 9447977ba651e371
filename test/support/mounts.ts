// Real mount points for tests that run as root; an ordinary user gets a plain folder, and `mounted` says so.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

export const isRoot = process.getuid?.() === 0;

/** Makes `path` a mount point (a folder bound onto itself), as a container's volume is one on the same device. */
export const bindMount = async (
  path: string,
): Promise<{ mounted: boolean; unmount: () => Promise<void> }> => {
  mkdirSync(path, { recursive: true });
  if (!isRoot) return { mounted: false, unmount: async () => {} };
  const { failed } = await execa('mount', ['--bind', path, path], { reject: false });
  return { mounted: !failed, unmount: async () => void (failed || (await execa('umount', [path]))) };
};

/** A disk in memory at a folder that is there, unmounted by the test. @param options `size=1m`, `remount,ro` */
export const mountMemory = (options: string, place: string): void => {
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'holdfast-test', place], { stdio: 'pipe' });
};

/** Root may, outside of most containers. */
export const canMount = (): boolean => {
  const place = mkdtempSync(join(tmpdir(), 'holdfast-mount-'));
  try {
    mountMemory('size=1m', place);
    execFileSync('umount', [place]);
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(place);
  }
};
