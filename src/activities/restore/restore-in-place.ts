// Restores every database of the plan into the live one, and compares the rows of every table with the manifest. What is
// there before stands in the record first: by it, whoever comes later sees whether a transaction has committed.
import { deploymentOf } from '../../config/load.js';
import { hasOtherSessions, readLiveObjects } from '../../database/live-objects.js';
import { compareCounts, type RowCounts } from '../../database/row-counts.js';
import { countRows } from '../../database/staged-data.js';
import { Failure } from '../../domain/failure.js';
import type { DatabaseFacts } from '../../domain/manifest.js';
import type { RestorePlan, SwapResult } from '../../domain/plans.js';
import { endPredecessors } from '../../operations/agent/predecessors.js';
import { applicationName, recordedTargets } from '../../operations/context.js';
import {
  changeDatabase,
  isReplaced,
  type Replaceable,
  replaceables,
} from '../../operations/swap/in-place.js';
import { databaseIn, restoreOver } from '../../operations/swap/restore-over.js';
import { stopAll } from '../../services/service.js';
import { type OperationAttempt, operationActivity } from '../attempt.js';
import type { Dependencies } from '../dependencies.js';
import { requirePinned } from '../pinned.js';
import { type Sources, withSources } from './artifacts-of.js';

export interface RestoredInPlace extends SwapResult {
  rows: number;
  /** Databases in which others write already: their rows could not be compared. */
  busy: string[];
}

export const restoreInPlace = (dependencies: Dependencies) =>
  operationActivity(
    dependencies,
    'restore in place',
    async ({ plan }: { plan: RestorePlan }, attempt): Promise<RestoredInPlace> => {
      const closedAt = new Date().toISOString();
      const { record, host } = attempt;
      const [server] = await recordedTargets(record);
      await endPredecessors(record, server, host);
      // What an engine's restart brought up meanwhile is stopped again.
      if (record.services !== null) await stopAll(record.services.units, host.effect);
      const all = await noted(dependencies, plan, attempt);
      const compared = await withSources(attempt, async (sources) => {
        for (const one of all) await replace(one, sources, attempt);
        const found = [];
        for (const one of all) found.push(await compare(one, sources, attempt));
        return found;
      });
      return {
        closedAt,
        openAt: new Date().toISOString(),
        rows: compared.reduce((sum, { rows }) => sum + rows, 0),
        busy: compared.flatMap(({ busy }) => busy),
      };
    },
  );

/** The last look at the configuration and at the world; from here on only the record counts. */
const noted = async (
  dependencies: Dependencies,
  plan: RestorePlan,
  { record, host }: OperationAttempt,
): Promise<Replaceable[]> => {
  if (record.inPlace === null) throw new Failure('OPERATION_LOST', 'this restore is none in place');
  const all: Replaceable[] = [];
  for (const { target, intent } of await replaceables(record, record.inPlace)) {
    if (intent.before === null)
      requirePinned(deploymentOf(await dependencies.loadConfig(), plan.deployment), plan);
    const options = { applicationName: applicationName(host, record.id) };
    const before = intent.before ?? (await readLiveObjects(target, intent.tables, options));
    const known = { ...intent, before };
    if (intent.before === null) await changeDatabase(record, host, known);
    all.push({ target, intent: known });
  }
  return all;
};

const replace = async (one: Replaceable, sources: Sources, attempt: OperationAttempt): Promise<void> => {
  if (await isReplaced(one, attempt.record, attempt.host)) return;
  await restoreOver(attempt, {
    sources,
    target: one.target,
    effect: `restore ${one.target.name} in place`,
  });
};

/** Failure NOT_IDENTICAL names the tables that differ, unless others are at work in the database again. */
const compare = async (
  { target }: Replaceable,
  sources: Sources,
  { host, record, signal }: OperationAttempt,
): Promise<Pick<RestoredInPlace, 'rows' | 'busy'>> => {
  const options = { database: target.database, applicationName: applicationName(host, record.id), signal };
  const { facts } = databaseIn(sources, target.name);
  const counted = ofBackup(await countRows(target, options), facts);
  const rows = counted.tables.reduce((sum, table) => sum + table.rows, 0);
  const differences = compareCounts(facts, counted);
  if (differences.length === 0) return { rows, busy: [] };
  if (await hasOtherSessions(target, options)) return { rows, busy: [target.name] };
  throw new Failure('NOT_IDENTICAL', `database ${target.name} is not what was backed up: ${differences[0]}`, {
    evidence: differences.slice(0, 50).join('\n'),
  });
};

/** Without what is not in the backup: tables stay in place, and so do large objects. */
const ofBackup = ({ tables, largeObjects }: RowCounts, facts: DatabaseFacts): RowCounts => {
  const names = new Set(facts.tables.map(({ schema, name }) => JSON.stringify([schema, name])));
  return {
    tables: tables.filter(({ schema, name }) => names.has(JSON.stringify([schema, name]))),
    largeObjects: Math.min(largeObjects, facts.largeObjects),
  };
};
