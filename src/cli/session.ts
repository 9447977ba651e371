// A command's connection to Temporal: somebody serves, the command acts, the connection is closed.
import type { Client, WorkflowHandle } from '@temporalio/client';
import type { Config } from '../config/config.js';
import { connectTemporal, type TemporalConnection } from '../temporal/client.js';
import { ensureServing } from '../temporal/serving.js';
import type { Output } from './output.js';

export interface Session {
  config: Config;
  client: Client;
  output: Output;
  uiUrl: string | null;
  namespace: string;
}

/** A run that a command looks at. */
export interface Run {
  client: Client;
  handle: WorkflowHandle;
}

export const withSession = async <T>(
  config: Config,
  output: Output,
  act: (session: Session) => Promise<T>,
): Promise<T> => {
  const serving = await ensureServing(config, output.say);
  try {
    return await connected(config, ({ client, uiUrl, namespace }) =>
      act({ config, client, output, uiUrl, namespace }),
    );
  } finally {
    serving.hangUp();
  }
};

export const runOf = ({ client }: Session, workflowId: string, runId?: string): Run => ({
  client,
  handle: client.workflow.getHandle(workflowId, runId),
});

const connected = async <T>(
  config: Config,
  act: (temporal: TemporalConnection) => Promise<T>,
): Promise<T> => {
  const temporal = await connectTemporal(config);
  try {
    return await act(temporal);
  } finally {
    await temporal.close();
  }
};
