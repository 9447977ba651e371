// The end of a restore that has swapped: what was replaced is kept for a while, and the deployment is free again.
import { putAside } from '../files/put-aside.js';
import { removeSideFolder } from '../files/side-folders.js';
import type { Host } from './context.js';
import { noteBackup, noteRestore } from './log/note-operation.js';
import type { OperationRecord } from './record.js';
import type { SwapIntent } from './recorded-swap.js';
import { leave } from './roll-back.js';
import { rememberInPlace } from './swap/in-place-outcome.js';
import { forgetKept, type KeptSet, writeKept } from './swap/kept.js';

/** Safe to repeat. Gives until when the replaced data is kept: ISO 8601, empty when nothing was replaced. */
export const finish = async (record: OperationRecord, host: Host): Promise<string> => {
  const kept = record.swap === null ? null : keptSet(record, record.swap);
  if (kept !== null) await writeKept(host.state, kept, host.effect);
  if (record.inPlace !== null) {
    await rememberInPlace(record, host);
    await noteBackup(record, host);
  }
  if (record.undoes !== '') {
    await forgetKept(host.state, { deployment: record.deployment, operation: record.undoes }, host.effect);
  }
  for (const folder of record.aside ?? []) await putAside(folder, host.effect);
  for (const tree of record.swap?.trees ?? []) await removeSideFolder(tree.incoming, host.effect);
  await noteRestore(record, host, null);
  await leave(record, host);
  return kept?.until ?? '';
};

const keptSet = (record: OperationRecord, swap: SwapIntent): KeptSet | null => {
  const databases = swap.databases.flatMap(({ name, live, liveOid, outgoing, outgoingComment }) =>
    liveOid === null
      ? []
      : [{ database: name, live, side: outgoing, comment: outgoingComment, oid: liveOid }],
  );
  const trees = swap.trees.flatMap(({ tree, live, outgoing, liveIdentity }) =>
    liveIdentity === null ? [] : [{ tree, live, folder: outgoing }],
  );
  if (databases.length + trees.length === 0) return null;
  const absent = [
    ...swap.databases.filter(({ liveOid }) => liveOid === null).map(({ name }) => `database ${name}`),
    ...swap.trees.filter(({ liveIdentity }) => liveIdentity === null).map(({ tree }) => `files ${tree}`),
  ];
  const replacedAt = swap.closedAt;
  return {
    version: 1,
    operation: record.id,
    instance: record.instance,
    deployment: record.deployment,
    backup: record.backup,
    replacedAt,
    until: new Date(Date.parse(replacedAt) + record.settings.deployment.keepPreviousMs).toISOString(),
    settings: record.settings,
    databases,
    trees,
    absent,
  };
};
