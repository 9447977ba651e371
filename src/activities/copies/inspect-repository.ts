// Whether a repository that keeps its objects in pieces has all of them: the kind's own check, beside what is read again.
import { repositoriesOf } from '../../catalog/catalog.js';
import { deploymentOf } from '../../config/load.js';
import { fitting } from '../../domain/findings.js';
import { openRepository } from '../../repositories/open-repository.js';
import { lookingActivity } from '../attempt.js';
import type { Dependencies } from '../dependencies.js';

export interface InspectInput {
  deployment: string;
  repository: string;
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
  lookingActivity(
    dependencies,
    async ({ deployment, repository }: InspectInput, { signal }): Promise<Inspected> => {
      const config = await dependencies.loadConfig();
      const [settings] = repositoriesOf(config, deploymentOf(config, deployment), repository);
      const found = settings === undefined ? undefined : await openRepository(settings).inspect?.(signal);
      if (found === undefined) return { state: 'none', problems: [] };
      if (found === null) return { state: 'in use', problems: [] };
      return { state: 'looked', problems: fitting(found, MOST_BYTES).kept };
    },
  );
