// Runs that have begun, remembered until their end was told: one that is terminated, or whose agent is away when it ends, can
// tell nothing itself.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Happening, TOLD_RUNS } from '../../domain/events.js';
import type { Tell } from '../context.js';
import type { Holder } from '../record.js';
import { createJson, listJson, readJson, removeFile } from '../state-folder.js';
import { runsFolder } from './notify-folders.js';

const openRunSchema = z.object({
  version: z.literal(1),
  holder: z.object({
    workflowId: z.string(),
    firstRunId: z.string(),
    temporal: z.string(),
    namespace: z.string(),
  }),
  deployment: z.string(),
  what: z.enum(TOLD_RUNS),
  tier: z.string(),
});

export type OpenRun = z.output<typeof openRunSchema>;

/** How a run ended, as far as its Temporal knows. `elsewhere`: it is of a Temporal that this agent does not ask. */
export type RunEnd =
  | { state: 'open' | 'unknown' | 'elsewhere' }
  | { state: 'closed'; well: boolean; cause: string };

export const noteOpenRun = async (state: string, run: Omit<OpenRun, 'version'>): Promise<void> => {
  await createJson(fileOf(state, run.holder.firstRunId), { version: 1, ...run });
};

export const forgetOpenRun = (state: string, firstRunId: string): Promise<void> =>
  removeFile(fileOf(state, firstRunId));

export const readOpenRuns = async (state: string): Promise<OpenRun[]> => {
  const ids = await listJson(runsFolder(state));
  const read = await Promise.all(ids.map((id) => readJson(fileOf(state, id)).catch(() => null)));
  return read.flatMap((stored) => openRunSchema.safeParse(stored).data ?? []);
};

/** The end of a run is one event, whoever tells it. */
export const endId = (firstRunId: string): string => `end-${firstRunId}`;

export interface WatchRuns {
  state: string;
  tell: Tell;
  runEnd: (holder: Holder) => Promise<RunEnd>;
  now: () => Date;
}

/** Tells the end of those that are over and have not told it themselves. */
export const tellLostRuns = async ({ state, tell, runEnd, now }: WatchRuns): Promise<void> => {
  for (const run of await readOpenRuns(state)) {
    const known = await runEnd(run.holder);
    const end = known.state === 'elsewhere' ? await givenUp(state, run, now()) : known;
    if (end.state !== 'closed') continue;
    await tell(endOf(run, end, now()));
    await forgetOpenRun(state, run.holder.firstRunId);
  }
};

/** For so long somebody may have holdfast.yaml name that Temporal again. */
const ELSEWHERE_MS = 24 * 3_600_000;

/** Its steps need this agent, which does not hear of them: it will not go on, and would count as at work for ever. */
const givenUp = async (state: string, { holder }: OpenRun, now: Date): Promise<RunEnd> => {
  const { mtimeMs } = await stat(fileOf(state, holder.firstRunId));
  if (now.getTime() - mtimeMs < ELSEWHERE_MS) return { state: 'open' };
  const cause = `it began on another Temporal (${holder.temporal}), which this agent no longer serves`;
  return { state: 'closed', well: false, cause };
};

const endOf = (run: OpenRun, { well, cause }: { well: boolean; cause: string }, now: Date): Happening => ({
  id: endId(run.holder.firstRunId),
  kind: well ? (run.what === 'restore' ? 'restore-ended' : 'succeeded') : 'failed',
  ...{ deployment: run.deployment, what: run.what, tier: run.tier },
  run: { workflowId: run.holder.workflowId, runId: run.holder.firstRunId },
  at: now.toISOString(),
  cause,
  hint: well
    ? ''
    : 'what it had begun is undone or finished by the agent; look at the run’s history for more',
  log: '',
});

const fileOf = (state: string, firstRunId: string): string => join(runsFolder(state), `${firstRunId}.json`);
