// Reads backups again, copy by copy, and says which are not what was stored. What is found is the result: a run that found
// problems has not failed. A repository that cannot be read is a problem of its own, and the others are read all the same.
import { CancellationScope, isCancellation } from '@temporalio/workflow';
import type { VerifyResult } from '../domain/copies.js';
import { parseVerifyRequest, type VerifyRequest } from '../domain/copy-requests.js';
import { fitting } from '../domain/findings.js';
import { quick, transfer, WATCHED } from './activities.js';
import { megabytes } from './details.js';
import { failingPlainly, reason } from './failing.js';
import { parsed } from './input.js';
import { type ShownProgress, showProgress } from './progress.js';

export async function verify(input?: unknown): Promise<VerifyResult> {
  const request = parsed(parseVerifyRequest, input);
  const progress = showProgress('verify', request.deployment ?? 'all deployments');
  return failingPlainly(async () => {
    progress.show({ phase: 'working', backup: request.backup ?? '' });
    const found: Found = { copies: 0, bytes: 0, repaired: 0, lines: [] };
    for (const deployment of await deploymentsOf(request, progress))
      await lookInto({ ...request, deployment }, found, progress);
    progress.show({ phase: 'done' });
    return resultOf(found);
  });
}

interface Found {
  copies: number;
  bytes: number;
  repaired: number;
  lines: string[];
}

type OneRequest = VerifyRequest & { deployment: string };

const deploymentsOf = async ({ deployment }: VerifyRequest, { step }: ShownProgress): Promise<string[]> =>
  deployment === null
    ? step(
        'deployments',
        (name) => quick(name, WATCHED).listDeployments({ deployment: null }),
        (names) => names.join(', '),
      )
    : [deployment];

const lookInto = async (request: OneRequest, found: Found, progress: ShownProgress): Promise<void> => {
  const { deployment } = request;
  const repositories = await progress.step(
    `${deployment}: repositories`,
    (name) => quick(name, WATCHED).planVerify({ request }),
    (names) => names.join(', '),
  );
  for (const repository of repositories) await readAll(request, repository, { found, progress });
};

const readAll = async (
  request: OneRequest,
  repository: string,
  { found, progress }: { found: Found; progress: ShownProgress },
): Promise<void> => {
  const set = progress.addStep(`${request.deployment} in ${repository}`);
  const before = { bytes: found.bytes, lines: found.lines.length };
  const say = (...lines: string[]): void => {
    found.lines.push(...lines);
    progress.show({ plan: found.lines });
  };
  try {
    for (let last = '', more = true; more; ) {
      const listing = quick(`backups in ${repository}`, WATCHED);
      const page = await listing.listBackupsToVerify({ request, before: last });
      for (const backup of page.backups) {
        set('running', backup);
        const reading = transfer(`verify ${backup} in ${repository}`, WATCHED);
        const { bytes, problems, repaired } = await reading.verifyBackup({ request, backup, repository });
        found.copies += 1;
        found.bytes += bytes;
        found.repaired += repaired;
        say(...problems.map((words) => `${backup} in ${repository}: ${words}`));
        last = backup;
      }
      more = page.more;
    }
  } catch (error) {
    if (isCancellation(error) || CancellationScope.current().consideredCancelled) throw error;
    say(`${request.deployment} in ${repository}: ${reason(error)}`);
  }
  const problems = found.lines.length - before.lines;
  const read = `${megabytes(found.bytes - before.bytes)} read`;
  if (problems === 0) set('done', read);
  else set('failed', `${problems} ${problems === 1 ? 'problem' : 'problems'}, ${read}`);
};

/** A payload stays under 4 kB. */
const MOST_BYTES = 3_500;

const resultOf = ({ copies, bytes, repaired, lines }: Found): VerifyResult => {
  const { kept, omitted } = fitting(lines, MOST_BYTES);
  const ok = lines.length === 0;
  return { ok, copies, bytes, problems: lines.length, repaired, lines: kept, omitted };
};
