// What an operation's hooks are told: names, places, and how to reach the first database without a secret in sight.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { HookFacts } from '../tools/hook.js';
import { writeConnectionFiles } from '../tools/postgres-connection.js';
import { applicationName, type Host, recordedTargets } from './context.js';
import type { OperationRecord } from './record.js';
import { scratchFolder } from './state-folder.js';

/** The connection files lie in the operation's private folder and go with it. */
export const hookFacts = async (record: OperationRecord, host: Host): Promise<HookFacts> => {
  const databases = await recordedTargets(record);
  const [first] = databases;
  const { deployment, backup, id: operation } = record;
  const facts = { deployment, backup, operation, databases, trees: record.settings.deployment.trees };
  if (first === undefined) return facts;
  const folder = join(scratchFolder(host.state, operation), 'hooks');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return {
    ...facts,
    connection: await writeConnectionFiles(folder, first, applicationName(host, operation)),
  };
};
