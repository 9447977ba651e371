// To forget snapshots, restic wants its repository for itself; everything else shares it. Within this process that is
// settled here, so that a step that clears up does not make another one fail.
import { setTimeout as pause } from 'node:timers/promises';

interface Use {
  sharing: number;
  exclusive: Promise<unknown> | null;
}

const uses = new Map<string, Use>();

const useOf = (repository: string): Use => {
  const use = uses.get(repository) ?? { sharing: 0, exclusive: null };
  uses.set(repository, use);
  return use;
};

export const shared = async <T>(repository: string, act: () => Promise<T>): Promise<T> => {
  const use = useOf(repository);
  while (use.exclusive !== null) await use.exclusive;
  use.sharing++;
  try {
    return await act();
  } finally {
    use.sharing--;
  }
};

const LOOK_AGAIN_MS = 50;

/** false: others still used it after `waitMs`, and nothing was done. */
export const exclusively = async (
  repository: string,
  { waitMs, act }: { waitMs: number; act: () => Promise<void> },
): Promise<boolean> => {
  const use = useOf(repository);
  for (let waited = 0; use.sharing > 0 || use.exclusive !== null; waited += LOOK_AGAIN_MS) {
    if (waited >= waitMs) return false;
    await pause(LOOK_AGAIN_MS);
  }
  const acting = act().finally(() => {
    use.exclusive = null;
  });
  use.exclusive = acting.catch(() => undefined);
  await acting;
  return true;
};
