// The runs that a schedule starts: of a tier, a verification, a drill.
import { setTimeout as pause } from 'node:timers/promises';
import type { ScheduleHandle, WorkflowHandle } from '@temporalio/client';
import { type Stage, save } from './recording.js';

const SCHEDULED = { daily: 'backup', verify: 'verify', drill: 'drill' };

/** @param stage its deployment has a tier `daily` */
export const recordScheduled = async (stage: Stage): Promise<void> => {
  for (const [name, kind] of Object.entries(SCHEDULED)) {
    const schedule = stage.client.schedule.getHandle(`holdfast.default.${stage.deployment}.${name}`);
    await save(stage, await triggered(stage, schedule), `${kind}-scheduled`);
  }
};

const triggered = async ({ client }: Stage, schedule: ScheduleHandle): Promise<WorkflowHandle> => {
  await schedule.trigger();
  for (;;) {
    const [started] = (await schedule.describe()).info.recentActions;
    if (started !== undefined) return client.workflow.getHandle(started.action.workflow.workflowId);
    await pause(50);
  }
};
