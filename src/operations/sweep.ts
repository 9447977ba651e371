// Drops what restores replaced once its time is over, under the operation like everything else.
import { randomBytes } from 'node:crypto';
import { dropSideDatabase } from '../database/side-database.js';
import { removeSideFolder } from '../files/side-folders.js';
import { applicationName, type Host, recordedTargets } from './context.js';
import { newRecord } from './new-record.js';
import { type OperationRecord, readRecord, takeOperation } from './record.js';
import { leave } from './roll-back.js';
import { forgetKept, type KeptSet, listKept } from './swap/kept.js';

/**
 * Drops every set whose time is over; a deployment that is busy is left for the next sweep. Gives a line for each. One that
 * cannot be dropped now is tried again later and blocks nothing meanwhile.
 */
export const sweepKept = async (deployment: string, host: Host, now: Date): Promise<string[]> => {
  const lines: string[] = [];
  for (const kept of await listKept(host.state, deployment)) {
    if (kept.until > now.toISOString() || (await readRecord(host.state, deployment)) !== null) continue;
    const record = sweepRecord(kept, host, now);
    await takeOperation(host.state, record, host.effect);
    try {
      await dropKept(kept, record, host);
      lines.push(`what the restore of ${kept.backup} had replaced is dropped`);
    } finally {
      await leave(record, host);
    }
  }
  return lines;
};

/** Gone already is fine. */
const dropKept = async (kept: KeptSet, record: OperationRecord, host: Host): Promise<void> => {
  const [server] = await recordedTargets(kept);
  const options = { applicationName: applicationName(host, record.id), effect: host.effect };
  for (const { side, comment, oid } of kept.databases) {
    if (server !== undefined) await dropSideDatabase(server, { ...options, name: side, comment, oid });
  }
  for (const { folder } of kept.trees) await removeSideFolder(folder, host.effect);
  await forgetKept(host.state, kept, host.effect);
};

const sweepRecord = (kept: KeptSet, host: Host, now: Date): OperationRecord =>
  newRecord({
    id: randomBytes(5).toString('hex'),
    deployment: kept.deployment,
    kind: 'sweep',
    instance: host.instance,
    holder: null,
    startedAt: now.toISOString(),
    backup: kept.backup,
    settings: kept.settings,
    undoes: kept.operation,
  });
