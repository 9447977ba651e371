// Tells whoever is to be told that a run began, ended, is late or waits. Until its end was told, a run is remembered: one that is
// terminated tells nothing itself.
import type { Happening } from '../domain/events.js';
import { forgetOpenRun, noteOpenRun } from '../operations/notify/open-runs.js';
import { lookingActivity } from './attempt.js';
import type { Dependencies } from './dependencies.js';

export interface TellInput {
  happening: Happening;
}

export const tell = (dependencies: Dependencies) =>
  lookingActivity(dependencies, async ({ happening }: TellInput, { host }): Promise<void> => {
    const { kind, deployment, what, tier, run } = happening;
    if (kind === 'started' && run !== null) {
      const holder = { workflowId: run.workflowId, firstRunId: run.runId, ...dependencies.temporal };
      await noteOpenRun(host.state, { holder, deployment, what, tier });
    }
    await host.tell?.(happening);
    if (ENDS.has(kind) && run !== null) await forgetOpenRun(host.state, run.runId);
  });

const ENDS: ReadonlySet<Happening['kind']> = new Set(['succeeded', 'failed', 'restore-ended']);
