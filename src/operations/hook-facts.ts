// What an operation's hooks are told: names, places, and how to reach the first database without a secret in sight.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { HookFacts } from '../tools/hook.js';
import { writeConnectionFiles } from '../tools/postgres-connection.js';
import { postgresVariables } from '../tools/postgres-variables.js';
import { applicationName, type Host, recordedTargets } from './context.js';
import type { OperationRecord } from './record.js';
import { scratchFolder } from './state-folder.js';

/** The connection files lie in the operation's private folder and go with it. */
export const hookFacts = async (
  record: OperationRecord,
  host: Pick<Host, 'state' | 'instance'>,
): Promise<HookFacts> => {
  const databases = await recordedTargets(record);
  const [first] = databases;
  const { deployment, backup, id: operation } = record;
  const facts = { deployment, backup, operation, databases, trees: record.settings.deployment.trees };
  if (first === undefined) return facts;
  const folder = join(scratchFolder(host.state, operation), 'hooks');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const name = applicationName(host, operation);
  const { PGSERVICEFILE, PGPASSFILE } = await writeConnectionFiles(folder, first, name);
  return {
    ...facts,
    connection: {
      ...postgresVariables(first.parameters),
      // Its sessions are known as the operation's, and end with it.
      PGAPPNAME: name,
      ...(PGSERVICEFILE === undefined ? {} : { PGSERVICEFILE }),
      ...(PGPASSFILE === undefined ? {} : { PGPASSFILE }),
    },
  };
};
