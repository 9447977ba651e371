// State folders with an embedded server, and what tests do to it.
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { readServerRecord } from '../../src/temporal/server-record.js';
import { endStrayServers } from '../../src/temporal/stray-servers.js';
import { killProcessGroup, processStartTime } from '../../src/tools/process-group.js';

export const temporaryState = (): Promise<string> => mkdtemp(join(tmpdir(), 'holdfast-state-'));

/** Whatever runs for it is killed, and the folder removed. */
export const removeState = async (state: string): Promise<void> => {
  const record = await readServerRecord(state);
  if (record !== null) await killProcessGroup(record);
  await endStrayServers(state);
  await rm(state, { recursive: true, force: true });
};

export const withClient = async <T>(address: string, act: (client: Client) => Promise<T>): Promise<T> => {
  const connection = await Connection.connect({ address });
  try {
    return await act(new Client({ connection, namespace: 'holdfast' }));
  } finally {
    await connection.close();
  }
};

/** A run that nobody works on. */
export const startIdleRun = (address: string, workflowId: string, taskQueue = 'holdfast.default') =>
  withClient(address, (client) => client.workflow.start('backup', { workflowId, taskQueue, args: [] }));

export const statusOf = (address: string, workflowId: string): Promise<string> =>
  withClient(address, async (client) => (await client.workflow.getHandle(workflowId).describe()).status.name);

/** The status that the HTTP API answers when it is called by that name. */
export const httpStatus = (url: string, host: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    request(`${url}/api/v1/namespaces/holdfast`, { headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .on('error', reject)
      .end();
  });

/** A zombie is dead. */
export const isAlive = async (pid: number): Promise<boolean> => (await processStartTime(pid)) !== null;
