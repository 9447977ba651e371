// Reads backups again, copy by copy, and says which are not what was stored. What is found is the result: a run that found
// problems has not failed. A repository that cannot be read is a problem of its own, and the others are read all the same.
import {
  CancellationScope,
  continueAsNew,
  isCancellation,
  patched,
  workflowInfo,
} from '@temporalio/workflow';
import type { VerifiedCopy, VerifyResult } from '../domain/copies.js';
import { parseVerifyRequest, type VerifyRequest } from '../domain/copy-requests.js';
import { quick, transfer } from './activities.js';
import { megabytes } from './details.js';
import { failingPlainly, reason } from './failing.js';
import { parsed } from './input.js';
import { inspect, type Reading } from './inspect.js';
import { watchingTheClock } from './lateness.js';
import { showProgress } from './progress.js';
import { type Expected, expectation, inTime, scheduledFor, showMoment } from './scheduled.js';
import { readPart } from './verified-part.js';
import { add, type Found, resultOf } from './verify-found.js';
import { isFirstOf, isLastOf, type Part, partsOf } from './verify-parts.js';

/** @param sofar what an earlier part of a run that is too long for one history has found, and where it was */
export async function verify(input?: unknown, sofar?: SoFar): Promise<VerifyResult> {
  const request = parsed(parseVerifyRequest, input);
  const progress = showProgress('verify', request.deployment ?? 'all deployments');
  return failingPlainly(async () => {
    progress.show({ phase: 'working', backup: request.backup ?? '' });
    const expected = sofar === undefined ? await expectedOf(request) : (sofar.expected ?? null);
    if (sofar === undefined) showMoment(progress, expected);
    return watchingTheClock(progress, expected, async () => {
      const found = sofar?.found ?? { copies: 0, bytes: 0, problems: 0, repaired: 0, lines: [] };
      const parts = await partsOf(request, progress, inTime(expected, 1).quickly);
      const begun = parts.findIndex(
        (part) => part.deployment === sofar?.deployment && part.repository === sofar.repository,
      );
      for (const [index, part] of parts.slice(Math.max(0, begun)).entries()) {
        const after = index === 0 && begun !== -1 ? (sofar?.after ?? '') : '';
        const at = Math.max(0, begun) + index;
        // One repository that is away must not take the time of those after it.
        const reading = { found, progress, time: inTime(expected, parts.length - at) };
        if (after === '' && isFirstOf(parts, at)) await inspect(part, { ...reading, mend: request.repair });
        const stopped = await readAll({ ...request, ...part }, { ...reading, after });
        if (stopped !== null)
          await continueAsNew<typeof verify>(input, { ...part, after: stopped, found, expected });
        // What was damaged before the repair is no problem any more.
        if (request.repair && isLastOf(parts, at) && patched('check after the repair'))
          await inspect(part, { ...reading, mend: false });
      }
      progress.show({ phase: 'done' });
      return resultOf(found);
    });
  });
}

interface SoFar extends Part {
  /** The last backup that was read there; empty: none. */
  after: string;
  found: Found;
  /** null: somebody started it. Runs of earlier versions have none. */
  expected?: Expected | null;
}

/** null: somebody started it, or it is about everything. */
const expectedOf = async ({ deployment }: VerifyRequest): Promise<Expected | null> =>
  deployment === null || scheduledFor() === null ? null : expectation({ deployment, tier: 'verify' });

/** Gives the last backup that it read when the run's history became too long; null: it read all. */
const readAll = async (
  { repository, ...request }: VerifyRequest & Part,
  { after, found, progress, time }: Reading & { after: string },
): Promise<string | null> => {
  const set = progress.addStep(`${request.deployment} in ${repository}`);
  const before = { ...found };
  const amount = (): string => `${megabytes(found.bytes - before.bytes)} read`;
  const asked = { ...request, repository: null };
  const part = readPart({ ...request, repository });
  const read = (backup: string): Promise<VerifiedCopy> =>
    transfer(`verify ${backup} in ${repository}`, time.patience).verifyBackup({
      ...{ request: asked, backup, repository },
      ...time.input,
    });
  const note = (backup: string, copy: VerifiedCopy): void => {
    add(found, copy, `${backup} in ${repository}`);
    part.add(backup, copy);
    progress.show({ plan: found.lines });
  };
  // What is stored again for one backup may be what a newer one lacks.
  const again = request.repair && patched('damaged ones are read again after a repair');
  const left: { backup: string; copy: VerifiedCopy }[] = [];
  const readLeft = async (): Promise<void> => {
    const inPart = left.some(({ copy }) => copy.repaired > 0);
    const repaired =
      found.repaired > before.repaired || (inPart && patched('what is repaired in part counts as well'));
    for (let next = left[0]; next !== undefined; next = left[0]) {
      const { backup, copy } = next;
      const now = repaired ? await read(backup) : copy;
      left.shift();
      note(backup, repaired ? { ...now, repaired: copy.repaired + now.repaired } : now);
    }
  };
  let problem = '';
  try {
    for (let last = after, more = true; more; ) {
      const listing = quick(`backups in ${repository}`, time.quickly);
      const page = await listing.listBackupsToVerify({ request: asked, repository, before: last });
      for (const backup of page.backups) {
        if (workflowInfo().continueAsNewSuggested) {
          await readLeft();
          set('done', `${amount()}, and it goes on`);
          await part.note('');
          return last;
        }
        set('running', backup);
        const copy = await read(backup);
        if (again && copy.problems.length > 0 && copy.closed === undefined) left.push({ backup, copy });
        else note(backup, copy);
        last = backup;
      }
      more = page.more;
    }
    await readLeft();
  } catch (error) {
    if (isCancellation(error) || CancellationScope.current().consideredCancelled) throw error;
    problem = reason(error);
    for (const { backup, copy } of left) note(backup, copy);
    add(found, { bytes: 0, problems: [problem], repaired: 0 }, `${request.deployment} in ${repository}`);
    found.copies -= 1;
    progress.show({ plan: found.lines });
  }
  await part.note(problem);
  const problems = found.problems - before.problems;
  if (problems === 0) set('done', amount());
  else set('failed', `${problems} ${problems === 1 ? 'problem' : 'problems'}, ${amount()}`);
  return null;
};
