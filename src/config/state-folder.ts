// Where an agent keeps its state unless the configuration says so.
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** null for a user who has no home folder. */
export const defaultStateFolder = (uid: number | undefined = process.getuid?.()): string | null => {
  if (uid === 0) return '/var/lib/holdfast';
  const base = process.env.XDG_STATE_HOME ?? '';
  // The XDG base directory specification: a relative path is invalid and is ignored.
  if (isAbsolute(base)) return join(base, 'holdfast');
  const home = homeFolder();
  return home === null ? null : join(home, '.local/state/holdfast');
};

const homeFolder = (): string | null => {
  try {
    const home = homedir();
    return isAbsolute(home) ? home : null;
  } catch {
    return null;
  }
};
