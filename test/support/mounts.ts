// Real mount points for tests that run as root; an ordinary user gets a plain folder, and `mounted` says so.
import { mkdirSync } from 'node:fs';
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
