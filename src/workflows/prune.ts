// Retention: what the tiers do not keep goes, repository by repository, and so does what interrupted runs left. A repository
// that does not answer, belongs to another host or would lose too much is part of the result, and keeps none of the others.
import { CancellationScope, isCancellation } from '@temporalio/workflow';
import { fitting } from '../domain/findings.js';
import {
  type PrunedRepository,
  type PruneRequest,
  type PruneResult,
  parsePruneRequest,
} from '../domain/prune.js';
import { quick, transfer, WATCHED } from './activities.js';
import { deploymentsOf } from './deployments-of.js';
import { megabytes } from './details.js';
import { failingPlainly, reason } from './failing.js';
import { parsed } from './input.js';
import { type ShownProgress, showProgress } from './progress.js';

export async function prune(input?: unknown): Promise<PruneResult> {
  const request = parsed(parsePruneRequest, input);
  const progress = showProgress('prune', request.deployment ?? 'all deployments');
  return failingPlainly(async () => {
    progress.show({ phase: 'working' });
    const repositories: PrunedRepository[] = [];
    const lines: string[] = [];
    for (const deployment of await deploymentsOf(request, progress)) {
      const asked = { ...request, deployment };
      const names = await progress.step(
        `${deployment}: repositories`,
        (name) => quick(name, WATCHED).listRepositoriesToPrune({ request: asked }),
        (found) => found.join(', '),
      );
      const one = (repository: string) => pruneOne({ request: asked, repository }, progress, lines);
      repositories.push(...(await Promise.all(names.map(one))));
    }
    progress.show({ phase: 'done' });
    const { kept, omitted } = fitting(repositories, MOST_BYTES);
    return { ok: repositories.every(isAsWanted), repositories: kept, omitted };
  });
}

/** A payload stays under 4 kB. */
const MOST_BYTES = 3_300;

const isAsWanted = ({ state }: PrunedRepository): boolean => state !== 'stopped' && state !== 'failed';

interface One {
  request: PruneRequest & { deployment: string };
  repository: string;
}

/** @param lines what goes, for whoever looks at the run */
const pruneOne = async (one: One, progress: ShownProgress, lines: string[]): Promise<PrunedRepository> => {
  const { request, repository } = one;
  const where = `${request.deployment} in ${repository}`;
  const set = progress.addStep(where);
  const steps = (words: string) => transfer(`${words} ${where}`, WATCHED);
  let now = untouched(one);
  try {
    const step = await steps('retention of').pruneRepository(one);
    now = step.pruned;
    lines.push(...step.lines);
    progress.show({ plan: fitting(lines, MOST_BYTES).kept });
    if (now.state === 'not ours') return shown(now, set);
    now = { ...now, leftovers: await steps('leftovers of').sweepRepository(one) };
    return shown(now, set);
  } catch (error) {
    if (isCancellation(error) || CancellationScope.current().consideredCancelled) throw error;
    return shown({ ...now, state: 'failed', problem: reason(error), hint: '' }, set);
  }
};

const untouched = ({ request: { deployment }, repository }: One): PrunedRepository => ({
  ...{ deployment, repository, state: 'failed', removed: 0, bytes: 0 },
  ...{ kept: 0, leftovers: 0, problem: '', hint: '' },
});

const shown = (
  pruned: PrunedRepository,
  set: (state: 'done' | 'failed', detail: string) => void,
): PrunedRepository => {
  const { state, removed, kept, bytes, problem } = pruned;
  const would = state === 'planned' ? 'would go' : 'removed';
  const counts = `${removed} ${would} (${megabytes(bytes)}), ${kept} kept`;
  if (isAsWanted(pruned)) set('done', state === 'not ours' ? problem : counts);
  else set('failed', `${counts}; ${problem}`);
  return pruned;
};
