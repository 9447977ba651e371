// What rclone knows of a remote.
import type { RcloneSettings } from '../../config/config.js';
import { runProgram } from '../../tools/process.js';
import { rcloneRemotes } from '../../tools/rclone.js';

/** Whether it is one of the kind `crypt`, whose storage holds nothing readable. A remote behind others is not looked into. */
export const encryptsByItself = async ({ remote }: RcloneSettings): Promise<boolean> => {
  if (remote.startsWith(':')) return /^:crypt[,:]/.test(remote);
  const [name = ''] = remote.split(/[:,]/, 1);
  const known = await runProgram(rcloneRemotes()).catch(() => null);
  return (known?.stdout ?? '').split('\n').some((line) => {
    const [called, kind] = line.trim().split(/:?\s+/);
    return called === name && kind === 'crypt';
  });
};
