// Dumps every database of the deployment from a snapshot of its own; all snapshots are taken first, and the workflow is
// told at once, so that the files are archived beside the dump and every row has its file.
import { Context } from '@temporalio/activity';
import { backupFolder } from '../catalog/manifest-file.js';
import type { DatabaseTarget } from '../config/targets.js';
import { endSessions } from '../database/sessions.js';
import { type HeldSnapshot, withSnapshot } from '../database/snapshot.js';
import type { DatabaseFacts, StoredArtifact } from '../domain/manifest.js';
import { type BackupPlan, type DumpResult, type SnapshotTaken, snapshotSignal } from '../domain/plans.js';
import { applicationName, recordedTargets } from '../operations/context.js';
import { openRepository } from '../repositories/open-repository.js';
import type { Source } from '../repositories/repository.js';
import { postgresProgram } from '../tools/find-program.js';
import { pgDump } from '../tools/pg-dump.js';
import { pgDumpall } from '../tools/pg-dumpall.js';
import { backupActivity, type OperationAttempt } from './attempt.js';
import { connectionEnv, serverMajor } from './connection.js';
import type { Dependencies } from './dependencies.js';
import { writePart } from './parts.js';

export const dumpDatabases = (dependencies: Dependencies) =>
  backupActivity(
    dependencies,
    'dump databases',
    async ({ plan }: { plan: BackupPlan }, attempt): Promise<DumpResult> => {
      const targets = await recordedTargets(attempt.record);
      const name = applicationName(attempt.host, plan.operation);
      if (targets[0] !== undefined) await endSessions(targets[0], { applicationName: name });
      const requestedAt = new Date().toISOString();
      return withSnapshots(targets, { applicationName: name, signal: attempt.signal }, async (snapshots) => {
        const taken = { requestedAt, takenAt: new Date().toISOString() };
        await tellWorkflow(taken);
        const [facts, artifacts] = await Promise.all([
          allFacts(snapshots),
          storeDumps(plan, attempt, { targets, snapshots, name }),
        ]);
        const bytes = artifacts.reduce((sum, artifact) => sum + artifact.bytes, 0);
        const contents = { artifacts, databases: facts, trees: [] };
        const part = await writePart(attempt.scratch, 'databases.json', {
          contents,
          effect: attempt.host.effect,
        });
        return { ...taken, part, bytes };
      });
    },
  );

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
    const env = await connectionEnv(attempt, target, name);
    const { path } = await postgresProgram('pg_dump', major);
    const dump = pgDump({ program: path, env, snapshot: snapshots[index]?.id ?? '' });
    const source: Source = { kind: 'programs', name: `database.${target.name}.dump`, programs: [dump] };
    artifacts.push({ ...(await store(plan, attempt, source)), kind: 'database', source: target.name });
  }
  return artifacts;
};

/** The roles, without passwords: what a server that lacks them needs first. */
const storeGlobals = async (
  plan: BackupPlan,
  attempt: OperationAttempt,
  { server, major, name }: { server: DatabaseTarget; major: number; name: string },
): Promise<StoredArtifact> => {
  const { path } = await postgresProgram('pg_dumpall', major);
  const globals = pgDumpall({ program: path, env: await connectionEnv(attempt, server, name) });
  const source: Source = { kind: 'programs', name: 'globals.sql', programs: [globals] };
  return { ...(await store(plan, attempt, source)), kind: 'globals', source: '' };
};

const store = (plan: BackupPlan, attempt: OperationAttempt, source: Source) =>
  openRepository(attempt.record.settings.repository).store(
    backupFolder(plan.deployment, plan.backup),
    source,
    {
      ...attempt.run,
      effect: attempt.host.effect,
      onProgress: (bytes) =>
        attempt.report({ source: source.name.replace(/\.(dump|sql)$/, ''), bytes, expected: 0 }),
    },
  );
