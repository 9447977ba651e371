// The embedded server's namespace keeps closed runs for 30 days; the development server itself would keep them for one.
import { Connection } from '@temporalio/client';
import { msToTs, tsToMs } from '@temporalio/common/lib/time.js';
import { EMBEDDED_NAMESPACE } from './server-record.js';

const RETENTION_MS = 30 * 24 * 60 * 60 * 1000;

export const ensureRetention = async (address: string): Promise<void> => {
  const connection = await Connection.connect({ address });
  try {
    const namespace = EMBEDDED_NAMESPACE;
    const { config } = await connection.workflowService.describeNamespace({ namespace });
    const retention = config?.workflowExecutionRetentionTtl;
    if (retention && tsToMs(retention) === RETENTION_MS) return;
    await connection.workflowService.updateNamespace({
      namespace,
      config: { workflowExecutionRetentionTtl: msToTs(RETENTION_MS) },
    });
  } finally {
    await connection.close();
  }
};
