// Tells the log of a drill that came to nothing before it had an operation: no server for it, no backup that can be read.
import { eventId } from '../../catalog/log-object.js';
import { deploymentOf } from '../../config/load.js';
import type { DrillRequest } from '../../domain/drills.js';
import { isBackupId } from '../../domain/names.js';
import type { RunIdentity } from '../../domain/plans.js';
import { noteEvent } from '../../operations/log/log.js';
import { lookingActivity } from '../attempt.js';
import type { Dependencies } from '../dependencies.js';

export interface UnplannedDrill {
  request: DrillRequest;
  run: RunIdentity;
  /** Why, in one sentence, and its code. */
  reason: string;
  code: string;
}

/** Nothing of a deployment that is not configured, and nothing of a backup that somebody misspelt. */
export const noteUnplannedDrill = (dependencies: Dependencies) =>
  lookingActivity(dependencies, async ({ request, run, reason, code }: UnplannedDrill, { host }) => {
    const { deployment, backup, repository } = request;
    deploymentOf(await dependencies.loadConfig(), deployment);
    if (code === 'UNKNOWN_BACKUP' && backup !== 'latest') return;
    await noteEvent(host, {
      ...{ deployment, kind: 'drill', id: eventId('drill', run.firstRunId) },
      ...{ at: new Date().toISOString(), backup: isBackupId(backup) ? backup : '', outcome: 'failed' },
      facts: { ...(repository === null ? {} : { repository }), reason, code },
    });
  });
