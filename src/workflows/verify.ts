// Reads backups again, copy by copy, and says which are not what was stored. What is found is the result: a run that found
// problems has not failed. A repository that cannot be read is a problem of its own, and the others are read all the same.
import { CancellationScope, continueAsNew, isCancellation, workflowInfo } from '@temporalio/workflow';
import type { VerifyResult } from '../domain/copies.js';
import { parseVerifyRequest, type VerifyRequest } from '../domain/copy-requests.js';
import { quick, transfer, WATCHED } from './activities.js';
import { deploymentsOf } from './deployments-of.js';
import { megabytes } from './details.js';
import { failingPlainly, reason } from './failing.js';
import { parsed } from './input.js';
import { type ShownProgress, showProgress } from './progress.js';
import { readPart } from './verified-part.js';
import { add, type Found, resultOf } from './verify-found.js';

/** @param sofar what an earlier part of a run that is too long for one history has found, and where it was */
export async function verify(input?: unknown, sofar?: SoFar): Promise<VerifyResult> {
  const request = parsed(parseVerifyRequest, input);
  const progress = showProgress('verify', request.deployment ?? 'all deployments');
  return failingPlainly(async () => {
    progress.show({ phase: 'working', backup: request.backup ?? '' });
    const found = sofar?.found ?? { copies: 0, bytes: 0, problems: 0, repaired: 0, lines: [] };
    const parts = await partsOf(request, progress);
    const begun = parts.findIndex(
      (part) => part.deployment === sofar?.deployment && part.repository === sofar.repository,
    );
    for (const [index, part] of parts.slice(Math.max(0, begun)).entries()) {
      const after = index === 0 && begun !== -1 ? (sofar?.after ?? '') : '';
      const at = Math.max(0, begun) + index;
      if (after === '' && isFirstOf(parts, at)) await inspect(part, { found, progress });
      const stopped = await readAll({ ...request, ...part }, { after, found, progress });
      if (stopped !== null) await continueAsNew<typeof verify>(input, { ...part, after: stopped, found });
    }
    progress.show({ phase: 'done' });
    return resultOf(found);
  });
}

/** All copies of one deployment in one repository. */
interface Part {
  deployment: string;
  repository: string;
}

interface SoFar extends Part {
  /** The last backup that was read there; empty: none. */
  after: string;
  found: Found;
}

const partsOf = async (request: VerifyRequest, progress: ShownProgress): Promise<Part[]> => {
  const parts: Part[] = [];
  for (const deployment of await deploymentsOf(request, progress)) {
    const repositories = await progress.step(
      `${deployment}: repositories`,
      (name) => quick(name, WATCHED).planVerify({ request: { ...request, deployment } }),
      (names) => names.join(', '),
    );
    parts.push(...repositories.map((repository) => ({ deployment, repository })));
  }
  return parts;
};

/** Two deployments may share a repository: once a run is enough. */
const isFirstOf = (parts: readonly Part[], index: number): boolean =>
  parts.findIndex(({ repository }) => repository === parts[index]?.repository) === index;

/** The kind’s own check of a repository. One that cannot be asked cannot be read either, and that says it. */
const inspect = async (
  part: Part,
  { found, progress }: { found: Found; progress: ShownProgress },
): Promise<void> => {
  const { repository } = part;
  const set = progress.addStep(`check of ${repository}`);
  try {
    const { state, problems } = await transfer(`check ${repository}`, WATCHED).inspectRepository(part);
    add(found, { bytes: 0, problems, repaired: 0 }, repository);
    found.copies -= 1;
    progress.show({ plan: found.lines });
    if (problems.length > 0) set('failed', `${problems.length} found`);
    else set('done', state === 'looked' ? 'nothing found' : INSTEAD[state]);
  } catch (error) {
    if (isCancellation(error) || CancellationScope.current().consideredCancelled) throw error;
    set('failed', reason(error));
  }
};

const INSTEAD = { none: 'it has none of its own', 'in use': 'not now: it is in use' };

/** Gives the last backup that it read when the run's history became too long; null: it read all. */
const readAll = async (
  { repository, ...request }: VerifyRequest & Part,
  { after, found, progress }: { after: string; found: Found; progress: ShownProgress },
): Promise<string | null> => {
  const set = progress.addStep(`${request.deployment} in ${repository}`);
  const before = { ...found };
  const read = (): string => `${megabytes(found.bytes - before.bytes)} read`;
  const asked = { ...request, repository: null };
  const part = readPart({ ...request, repository });
  let problem = '';
  try {
    for (let last = after, more = true; more; ) {
      const listing = quick(`backups in ${repository}`, WATCHED);
      const page = await listing.listBackupsToVerify({ request: asked, repository, before: last });
      for (const backup of page.backups) {
        if (workflowInfo().continueAsNewSuggested) {
          set('done', `${read()}, and it goes on`);
          await part.note('');
          return last;
        }
        set('running', backup);
        const reading = transfer(`verify ${backup} in ${repository}`, WATCHED);
        const copy = await reading.verifyBackup({ request: asked, backup, repository });
        add(found, copy, `${backup} in ${repository}`);
        part.add(backup, copy);
        progress.show({ plan: found.lines });
        last = backup;
      }
      more = page.more;
    }
  } catch (error) {
    if (isCancellation(error) || CancellationScope.current().consideredCancelled) throw error;
    problem = reason(error);
    add(found, { bytes: 0, problems: [problem], repaired: 0 }, `${request.deployment} in ${repository}`);
    found.copies -= 1;
    progress.show({ plan: found.lines });
  }
  await part.note(problem);
  const problems = found.problems - before.problems;
  if (problems === 0) set('done', read());
  else set('failed', `${problems} ${problems === 1 ? 'problem' : 'problems'}, ${read()}`);
  return null;
};
