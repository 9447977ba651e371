// Signals to a whole process group: whatever a program has started goes with it.

/** Does nothing where the group is gone, or is not ours. */
export const signalGroup = (pid: number, signal: 'SIGTERM' | 'SIGKILL'): void => {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (!isGoneOrForeign(error)) throw error;
  }
};

/** True also while only zombies are left in it. */
export const groupExists = (pid: number): boolean => {
  try {
    process.kill(-pid, 0);
    return true;
  } catch (error) {
    if (isGoneOrForeign(error)) return false;
    throw error;
  }
};

// EPERM: another user's group, or on macOS one of zombies only.
const isGoneOrForeign = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM');
