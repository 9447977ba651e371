// Makes copies right: every repository of a deployment but the primary gets every backup that it lacks, the newest first.
// One that is down delays its own copies only; what stays missing is the result, and the next run fills it.
import {
  CancellationScope,
  continueAsNew,
  defineSignal,
  isCancellation,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { type CopyOutcome, type CopyResult, copyAgainSignal } from '../domain/copies.js';
import { type CopyRequest, parseCopyRequest } from '../domain/copy-requests.js';
import { quick, transfer, WATCHED } from './activities.js';
import { megabytes } from './details.js';
import { codeOf, failingPlainly, reason } from './failing.js';
import { parsed } from './input.js';
import { type ShownProgress, showProgress } from './progress.js';

/** @param sofar what an earlier part of a run that is too long for one history has done */
export async function copy(input: unknown, sofar?: CopyOutcome[]): Promise<CopyResult> {
  const request = parsed(parseCopyRequest, input);
  const progress = showProgress('copy', request.deployment);
  const again = listenForMore();
  return failingPlainly(async () => {
    const targets = await progress.step(
      'plan',
      (name) => quick(name, WATCHED).planCopies({ request }),
      (names) => (names.length === 0 ? 'there is one repository only' : names.join(', ')),
    );
    progress.show({ phase: 'working', backup: request.backup ?? '' });
    let copies = targets.map((name) => sofar?.find((so) => so.repository === name) ?? untouched(name));
    do {
      again.asked = false;
      copies = await Promise.all(copies.map((so) => fill(so, request, progress)));
      // Whatever is missing still is found by the next part.
      if (isLong()) await continueAsNew<typeof copy>(input, copies);
    } while (again.asked);
    progress.show({ phase: 'done' });
    return { deployment: request.deployment, copies };
  });
}

const isLong = (): boolean => workflowInfo().continueAsNewSuggested;

const untouched = (repository: string): CopyOutcome => ({
  repository,
  state: 'complete',
  copied: 0,
  bytes: 0,
  missing: 0,
  problem: '',
});

/** A backup that ends while copies are made says so: they are looked for once more. */
const listenForMore = (): { asked: boolean } => {
  const again = { asked: false };
  setHandler(
    defineSignal(copyAgainSignal),
    () => {
      again.asked = true;
    },
    { description: 'Looks for missing copies once more before the run ends' },
  );
  return again;
};

/** Page after page, each older than the one before; what fails is not tried a second time. */
const fill = async (
  so: CopyOutcome,
  request: CopyRequest,
  { addStep }: ShownProgress,
): Promise<CopyOutcome> => {
  const to = so.repository;
  const set = addStep(`copy to ${to}`);
  let now: CopyOutcome = { ...so, state: 'complete', missing: 0, problem: '' };
  try {
    for (let before = '', more = true; more; ) {
      const page = await quick(`missing in ${to}`, WATCHED).listMissingCopies({ request, to, before });
      for (const backup of page.backups) {
        if (isLong()) break;
        set('running', backup);
        now = await one(backup, now, request);
        before = backup;
      }
      more = page.more && !isLong();
    }
    set(now.missing === 0 ? 'done' : 'failed', inWords(now));
    return now;
  } catch (error) {
    if (isCancellation(error) || CancellationScope.current().consideredCancelled) throw error;
    now = { ...now, state: 'incomplete', missing: now.missing + 1, problem: reason(error) };
    set('failed', inWords(now));
    return now;
  }
};

/** What is wrong with one backup does not keep the others; what is wrong with a repository does. */
const one = async (backup: string, now: CopyOutcome, request: CopyRequest): Promise<CopyOutcome> => {
  const to = now.repository;
  try {
    const bytes = await transfer(`copy ${backup} to ${to}`, WATCHED).copyBackup({ request, backup, to });
    return bytes === null ? now : { ...now, copied: now.copied + 1, bytes: now.bytes + bytes };
  } catch (error) {
    if (isCancellation(error) || !OF_THE_BACKUP.has(codeOf(error))) throw error;
    const problem = now.problem || `${backup}: ${reason(error)}`;
    return { ...now, state: 'incomplete', missing: now.missing + 1, problem };
  }
};

const OF_THE_BACKUP: ReadonlySet<string> = new Set([
  'CORRUPT_ARTIFACT',
  'CORRUPT_MANIFEST',
  'UNSUPPORTED_MANIFEST',
  'UNSIGNED',
  'NOT_TRUSTED',
  'OPERATION_LOST',
]);

const inWords = ({ copied, bytes, problem }: CopyOutcome): string => {
  const made = copied === 0 ? [] : [`${copied} ${copied === 1 ? 'backup' : 'backups'}, ${megabytes(bytes)}`];
  const words = problem === '' ? made : [...made, problem];
  return words.length === 0 ? 'nothing was missing' : words.join('; ');
};
