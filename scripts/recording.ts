// Runs whose histories are kept: how they are started, watched and saved.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { Sandbox } from '../demo/sandbox.js';
import { type Progress, progressQuery } from '../src/domain/progress.js';
import type { Cluster } from '../test/support/postgres-cluster.js';
import { scrubbed } from './scrub-history.js';

export const HISTORIES = fileURLToPath(new URL('../test/histories', import.meta.url));

export interface Stage {
  client: Client;
  cluster: Cluster;
  sandbox: Sandbox;
  deployment: string;
}

export const start = (
  { client, deployment }: Stage,
  kind: string,
  input: Record<string, unknown>,
): Promise<WorkflowHandle> =>
  client.workflow.start(kind, {
    workflowId: `holdfast.${deployment}.${kind}`,
    taskQueue: 'holdfast.default',
    args: [{ deployment, ...input }],
  });

export const run = async (
  stage: Stage,
  kind: string,
  input: Record<string, unknown>,
  name: string,
): Promise<unknown> => save(stage, await start(stage, kind, input), name);

/** Waits for the end, and gives the result; a failed run is recorded too. */
export const save = async ({ sandbox }: Stage, handle: WorkflowHandle, name: string): Promise<unknown> => {
  const result = await handle.result().catch((error: Error) => error.cause);
  const history = JSON.parse(historyToJSON(await handle.fetchHistory()));
  const folders = { [sandbox.folder]: '/srv/edms' };
  await writeFile(
    join(HISTORIES, `${name}.json`),
    `${JSON.stringify(scrubbed(history, folders), null, 1)}\n`,
  );
  console.error(`${name}: ${history.events.length} events, ${JSON.stringify(result).slice(0, 150)}`);
  return result;
};

export const until = async (
  handle: WorkflowHandle,
  holds: (progress: Progress) => boolean,
): Promise<void> => {
  while (!holds(await handle.query<Progress>(progressQuery))) await pause(50);
};
