// What copies remember in the state folder of backups that nobody has now.
import type { Host } from '../context.js';
import { forgetCopy, rememberedCopies } from '../copies/copy-lease.js';
import { backupsInUse } from './in-use.js';

export interface Forgetting {
  host: Pick<Host, 'state' | 'effect'>;
  deployment: string;
  /** Where they were copied to. */
  repository: string;
  /** Backups that somebody has. */
  known: ReadonlySet<string>;
}

export const forgetCopies = async ({ host, deployment, repository, known }: Forgetting): Promise<void> => {
  const inUse = await backupsInUse(host, deployment);
  for (const backup of await rememberedCopies(host.state, deployment, repository))
    if (!known.has(backup) && !inUse.has(backup))
      await forgetCopy(host.state, { deployment, backup, to: repository }, host.effect);
};
