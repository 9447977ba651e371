// Reads backups again, copy by copy, and says which are not what was stored. What is found is the result: a run that found
// problems has not failed. A repository that cannot be read is a problem of its own, and the others are read all the same.
import { CancellationScope, continueAsNew, isCancellation, workflowInfo } from '@temporalio/workflow';
import type { VerifiedCopy, VerifyResult } from '../domain/copies.js';
import { parseVerifyRequest, type VerifyRequest } from '../domain/copy-requests.js';
import { fitting } from '../domain/findings.js';
import { quick, transfer, WATCHED } from './activities.js';
import { megabytes } from './details.js';
import { failingPlainly, reason } from './failing.js';
import { parsed } from './input.js';
import { type ShownProgress, showProgress } from './progress.js';
import { readPart } from './verified-part.js';

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
      const stopped = await readAll({ ...request, ...part }, { after, found, progress });
      if (stopped !== null) await continueAsNew<typeof verify>(input, { ...part, after: stopped, found });
    }
    progress.show({ phase: 'done' });
    return resultOf(found);
  });
}

interface Found {
  copies: number;
  bytes: number;
  problems: number;
  repaired: number;
  /** As many of them as a payload holds. */
  lines: string[];
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

const deploymentsOf = async ({ deployment }: VerifyRequest, { step }: ShownProgress): Promise<string[]> =>
  deployment === null
    ? step(
        'deployments',
        (name) => quick(name, WATCHED).listDeployments({ deployment: null }),
        (names) => names.join(', '),
      )
    : [deployment];

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

const add = (found: Found, { bytes, problems, repaired }: VerifiedCopy, where: string): void => {
  found.copies += 1;
  found.bytes += bytes;
  found.repaired += repaired;
  found.problems += problems.length;
  const lines = [...found.lines, ...problems.map((words) => `${where}: ${words}`)];
  found.lines = fitting(lines, MOST_BYTES).kept;
};

/** A payload stays under 4 kB. */
const MOST_BYTES = 3_300;

const resultOf = ({ copies, bytes, problems, repaired, lines }: Found): VerifyResult => ({
  ...{ ok: problems === 0, copies, bytes, problems, repaired, lines },
  omitted: problems - lines.length,
});
