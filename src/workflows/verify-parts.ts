// What a verification reads, in parts: all copies of one deployment in one repository.
import type { VerifyRequest } from '../domain/copy-requests.js';
import { type Patience, quick } from './activities.js';
import { deploymentsOf } from './deployments-of.js';
import type { ShownProgress } from './progress.js';

export interface Part {
  deployment: string;
  repository: string;
}

export const partsOf = async (
  request: VerifyRequest,
  progress: ShownProgress,
  patience: Patience,
): Promise<Part[]> => {
  const parts: Part[] = [];
  for (const deployment of await deploymentsOf(request, progress, patience)) {
    const repositories = await progress.step(
      `${deployment}: repositories`,
      (name) => quick(name, patience).planVerify({ request: { ...request, deployment } }),
      (names) => names.join(', '),
    );
    parts.push(...repositories.map((repository) => ({ deployment, repository })));
  }
  return parts;
};

/** Two deployments may share a repository: once a run is enough. */
export const isFirstOf = (parts: readonly Part[], index: number): boolean =>
  parts.findIndex(({ repository }) => repository === parts[index]?.repository) === index;

export const isLastOf = (parts: readonly Part[], index: number): boolean =>
  parts.findLastIndex(({ repository }) => repository === parts[index]?.repository) === index;
