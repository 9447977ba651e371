// Dumps every database of the deployment from a snapshot of its own; all snapshots are taken first, and the workflow is
// told at once, so that the files are archived beside the dump and every row has its file.
import { Context } from '@temporalio/activity';
import { backupFolder } from '../../catalog/manifest-file.js';
import type { DatabaseTarget } from '../../config/targets.js';
import { type HeldSnapshot, withSnapshot } from '../../database/snapshot.js';
import type { DatabaseFacts, StoredArtifact } from '../../domain/manifest.js';
import { type BackupPlan, type DumpResult, type SnapshotTaken, snapshotSignal } from '../../domain/plans.js';
import { endPredecessors } from '../../operations/agent/predecessors.js';
import { applicationName, recordedTargets } from '../../operations/context.js';
import { type ProgramRequest, withPostgresProgram } from '../../operations/postgres-program.js';
import { recipientsOf } from '../../operations/record.js';
import { openRepository } from '../../repositories/open-repository.js';
import type { Source } from '../../repositories/repository.js';
import type { Command } from '../../tools/command.js';
import { pgDump } from '../../tools/pg-dump.js';
import { pgDumpall } from '../../tools/pg-dumpall.js';
import { backupActivity, type OperationAttempt } from '../attempt.js';
import { serverMajor } from '../connection.js';
import type { Dependencies } from '../dependencies.js';
import { laterIn, writePart } from './parts.js';
import { storedBy } from './stored-by.js';

export const dumpDatabases = (dependencies: Dependencies) =>
  backupActivity(
    dependencies,
    'dump databases',
    ({ plan }: { plan: BackupPlan }, attempt): Promise<DumpResult> => dumpAll(plan, attempt, tellWorkflow),
  );

/** @param taken is told as soon as every snapshot is there */
export const dumpAll = async (
  plan: BackupPlan,
  attempt: OperationAttempt,
  taken: (snapshot: SnapshotTaken) => Promise<void>,
): Promise<DumpResult> => {
  const targets = await recordedTargets(attempt.record);
  const name = applicationName(attempt.host, plan.operation);
  await endPredecessors(attempt.record, targets[0], attempt.host);
  const requestedAt = new Date().toISOString();
  return withSnapshots(targets, { applicationName: name, signal: attempt.signal }, async (snapshots) => {
    const snapshot = { requestedAt, takenAt: new Date().toISOString() };
    await taken(snapshot);
    const [databases, artifacts] = await Promise.all([
      allFacts(snapshots),
      storeDumps(plan, attempt, { targets, snapshots, name }),
    ]);
    const part = await writePart(attempt.scratch, 'databases.json', {
      contents: { artifacts, databases, trees: [] },
      effect: attempt.host.effect,
    });
    return { ...snapshot, part, bytes: artifacts.reduce((sum, { bytes }) => sum + bytes, 0) };
  });
};

/** All snapshots are held while `use` runs. */
const withSnapshots = <T>(
  targets: readonly DatabaseTarget[],
  options: { applicationName: string; signal: AbortSignal },
  use: (snapshots: HeldSnapshot[]) => Promise<T>,
): Promise<T> => {
  const hold = (held: HeldSnapshot[]): Promise<T> => {
    const next = targets[held.length];
    return next === undefined
      ? use(held)
      : withSnapshot(next, options, (snapshot) => hold([...held, snapshot]));
  };
  return hold([]);
};

const tellWorkflow = async (taken: SnapshotTaken): Promise<void> => {
  const { client, info } = Context.current();
  const { workflowId, runId } = info.workflowExecution ?? { workflowId: '', runId: '' };
  await client.workflow.getHandle(workflowId, runId).signal(snapshotSignal, taken);
};

const allFacts = async (snapshots: readonly HeldSnapshot[]): Promise<DatabaseFacts[]> => {
  const facts: DatabaseFacts[] = [];
  for (const snapshot of snapshots) facts.push(await snapshot.facts());
  return facts;
};

type Found = Parameters<ProgramRequest['command']>[0];

/** One after the other: two cores are busy with one. */
const storeDumps = async (
  plan: BackupPlan,
  attempt: OperationAttempt,
  {
    targets,
    snapshots,
    name,
  }: { targets: readonly DatabaseTarget[]; snapshots: readonly HeldSnapshot[]; name: string },
): Promise<StoredArtifact[]> => {
  const [server] = targets;
  if (server === undefined) return [];
  const major = await serverMajor(server, name);
  const artifacts = [await storeGlobals(plan, attempt, { server, major, name })];
  for (const [index, target] of targets.entries()) {
    const command = (found: Found): Command => pgDump({ ...found, snapshot: snapshots[index]?.id ?? '' });
    const stored = await withPostgresProgram(
      attempt,
      { program: 'pg_dump', target, major, applicationName: name, command },
      (programs) =>
        store(plan, attempt, { kind: 'programs', name: `database.${target.name}.dump`, programs }),
    );
    artifacts.push({ ...stored, kind: 'database', source: target.name });
  }
  return artifacts;
};

/** The roles, without passwords: what a server that lacks them needs first. */
const storeGlobals = async (
  plan: BackupPlan,
  attempt: OperationAttempt,
  { server, major, name }: { server: DatabaseTarget; major: number; name: string },
): Promise<StoredArtifact> => {
  const stored = await withPostgresProgram(
    attempt,
    { program: 'pg_dumpall', target: server, major, applicationName: name, command: pgDumpall },
    (programs) => store(plan, attempt, { kind: 'programs', name: 'globals.sql', programs }),
  );
  return { ...stored, kind: 'globals', source: '' };
};

const store = (plan: BackupPlan, attempt: OperationAttempt, source: Source) =>
  openRepository(attempt.record.settings.repository).store(
    backupFolder(plan.deployment, plan.backup),
    source,
    {
      ...attempt.run,
      effect: attempt.host.effect,
      recipients: recipientsOf(attempt.record),
      storedBy: storedBy(attempt.record),
      later: laterIn(attempt),
      onProgress: (bytes) =>
        attempt.report({ source: source.name.replace(/\.(dump|sql)$/, ''), bytes, expected: 0 }),
    },
  );
