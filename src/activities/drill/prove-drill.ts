// Proves what was restored: every database is dumped again and must say what the backup's dump says, object by object and
// row by row; then the deployment's own assertions must hold. Files were compared where they were staged.
import type { DatabaseTarget } from '../../config/targets.js';
import { requireAssertion } from '../../database/assertion.js';
import type { Proved } from '../../domain/drills.js';
import { fitting } from '../../domain/findings.js';
import type { DrillPlan } from '../../domain/plans.js';
import { endPredecessors } from '../../operations/agent/predecessors.js';
import { applicationName, recordedTargets } from '../../operations/context.js';
import type { Sources } from '../../operations/stored-artifacts.js';
import { type OperationAttempt, operationActivity } from '../attempt.js';
import type { Dependencies } from '../dependencies.js';
import { withSources } from '../restore/artifacts-of.js';
import { compareRestored } from './compare-restored.js';

/** Rows and files are counted where they are restored. */
export type ProofResult = Omit<Proved, 'rows' | 'files'>;

/** A payload stays under 4 kB. */
const MOST_BYTES = 1_500;

const ASSERTION_WITHIN_MS = 300_000;

export const proveDrill = (dependencies: Dependencies) =>
  operationActivity(dependencies, 'prove', ({ plan }: { plan: DrillPlan }, attempt) =>
    withSources(attempt, async (sources): Promise<ProofResult> => {
      const targets = await recordedTargets(attempt.record);
      await endPredecessors(attempt.record, targets[0], attempt.host);
      const notes = notesOf(plan);
      const { databases } = sources.manifest;
      let objects = 0;
      for (const target of targets) {
        const compared = await compareRestored(attempt, sources, target);
        objects += compared.objects;
        notes.push(...compared.notes);
      }
      const asked = await askAssertions(attempt, sources, targets);
      const tables = databases.reduce((sum, facts) => sum + facts.tables.length, 0);
      const { kept } = fitting([...notes, ...asked.notes], MOST_BYTES);
      return { tables, objects, assertions: asked.held, notes: kept };
    }),
  );

const notesOf = ({ withoutOwners, unsigned }: DrillPlan): string[] => [
  ...(unsigned === undefined ? [] : [`${unsigned}: nobody vouches for what is in it`]),
  ...(withoutOwners.length === 0
    ? []
    : [
        `owners and rights were not restored: the drill’s server lacks the roles ${withoutOwners.join(', ')}`,
      ]),
];

const askAssertions = async (
  attempt: OperationAttempt,
  { manifest }: Sources,
  targets: readonly DatabaseTarget[],
): Promise<{ held: number; notes: string[] }> => {
  const { record, signal } = attempt;
  const assertions = record.settings.deployment.drill?.assertions ?? [];
  const notes: string[] = [];
  for (const { query, database } of assertions) {
    const target = targets.find(({ name }) => name === database);
    const side = record.sideDatabases.find((one) => one.database === database);
    const facts = manifest.databases.find(({ name }) => name === database);
    if (target === undefined || side === undefined || facts === undefined) {
      notes.push(`“${query.trim()}” was not asked: the backup has no database ${database}`);
      continue;
    }
    attempt.report({ source: `assertion on ${database}`, bytes: 0, expected: 0, words: query.slice(0, 200) });
    await requireAssertion(
      { ...target, database: side.name },
      {
        query,
        settings: facts.properties.settings,
        timeoutMs: ASSERTION_WITHIN_MS,
        applicationName: applicationName(attempt.host, record.id),
        signal,
      },
    );
  }
  return { held: assertions.length - notes.length, notes };
};
