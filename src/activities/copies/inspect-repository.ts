// Whether a repository that keeps its objects in pieces has all of them: the kind's own check, beside what is read again. Before a
// repair, what is damaged is taken out of it instead: the repair would take it for what it is to store.
import { join } from 'node:path';
import { repositoriesOf } from '../../catalog/catalog.js';
import { type Claim, requireNoOtherOwner, takeOverOwnership } from '../../catalog/owner.js';
import { deploymentOf } from '../../config/load.js';
import { Failure } from '../../domain/failure.js';
import { fitting } from '../../domain/findings.js';
import { openRepository } from '../../repositories/open-repository.js';
import type { Repository } from '../../repositories/repository.js';
import { type Attempt, lookingActivity } from '../attempt.js';
import type { Dependencies } from '../dependencies.js';

export interface InspectInput {
  deployment: string;
  repository: string;
  /** Before a repair. */
  mend?: boolean;
  /** Then a failure is the last one. ISO 8601. Missing: the number of attempts decides. */
  giveUpAt?: string;
}

/** A payload stays under 4 kB. */
const MOST_BYTES = 3_000;

export interface Inspected {
  /** `none`: its kind has no check of its own. */
  state: 'looked' | 'none' | 'in use';
  problems: string[];
}

export const inspectRepository = (dependencies: Dependencies) =>
  lookingActivity(dependencies, async (input: InspectInput, attempt): Promise<Inspected> => {
    const { deployment, repository, mend = false } = input;
    const config = await dependencies.loadConfig();
    const [settings] = repositoriesOf(config, deploymentOf(config, deployment), repository);
    if (settings === undefined) return { state: 'none', problems: [] };
    const opened = openRepository(settings);
    if (mend) {
      const claim = { deployment, instance: dependencies.instance };
      const deployments = Object.values(config.deployments)
        .filter(({ name, repositories }) => name === deployment || repositories.includes(repository))
        .map(({ name }) => name);
      return dependencies.copyTurns.take(repository, attempt.signal, () =>
        mended(opened, { claim, deployments }, attempt),
      );
    }
    const found = await opened.inspect?.(attempt.signal);
    if (found === undefined) return { state: 'none', problems: [] };
    if (found === null) return { state: 'in use', problems: [] };
    return { state: 'looked', problems: fitting(found, MOST_BYTES).kept };
  });

/** What is left is found by the check after the repair. */
const mended = async (
  repository: Repository,
  { claim, deployments }: { claim: Claim; deployments: readonly string[] },
  { host, signal }: Attempt,
): Promise<Inspected> => {
  const { mend } = repository;
  if (mend === undefined || (await ownerOf(repository, claim)) === 'another')
    return { state: 'none', problems: [] };
  const folder = join(host.state, 'mending', repository.name);
  if (!(await mend({ signal, effect: host.effect, folder }))) return { state: 'in use', problems: [] };
  // Whoever has a repair made of it goes on with it, with all that this host has in it.
  for (const deployment of deployments) {
    const one = { ...claim, deployment };
    if ((await ownerOf(repository, one)) === 'unreadable')
      await takeOverOwnership(repository, one, host.effect);
  }
  return { state: 'looked', problems: [] };
};

const ownerOf = (repository: Repository, claim: Claim): Promise<'ours' | 'another' | 'unreadable'> =>
  requireNoOtherOwner(repository, claim).then(
    () => 'ours' as const,
    (error: unknown) => {
      if (!(error instanceof Failure)) throw error;
      if (error.code === 'NOT_OWNER') return 'another';
      if (error.code === 'CORRUPT_ARTIFACT') return 'unreadable';
      throw error;
    },
  );
