// Plans with services, hooks and checks around the data.
import type { BackupPlan, RestorePlan } from '../../src/domain/plans.js';
import { type Activities, BACKUP, fakeActivities } from './fake-activities.js';
import type { FakeDeployment, Run } from './fake-deployment.js';

export const SERVICES = ['compose edms/web', 'compose edms/worker'];

export const AROUND_RESTORE = { services: SERVICES, hooks: true, checks: true };

export const planningRestore = (part: Partial<RestorePlan>): Pick<Activities, 'planRestore'> => ({
  planRestore: async (input) => ({ ...(await fakeActivities.planRestore(input)), ...part }),
});

export const planningBackup = (part: Partial<BackupPlan>): Pick<Activities, 'planBackup'> => ({
  planBackup: async (input) => ({ ...(await fakeActivities.planBackup(input)), ...part }),
});

/** Approved by its input. */
export const restoreOf = (deployment: FakeDeployment, rest: Record<string, unknown> = {}): Promise<Run> =>
  deployment.start('restore', { confirm: `${deployment.name}@${BACKUP}`, ...rest });
