// What an undo puts back: the databases and folders that the last restore replaced.
import type { Deployment } from '../../config/config.js';
import { Failure } from '../../domain/failure.js';
import type { RestoreRequest } from '../../domain/requests.js';
import type { Host } from '../../operations/context.js';
import { type KeptSet, listKept } from '../../operations/swap/kept.js';
import type { RestoreSource } from './planned-source.js';

export const planFromKept = async (
  host: Pick<Host, 'state'>,
  { request, deployment }: { request: RestoreRequest; deployment: Deployment },
): Promise<RestoreSource> => {
  if (request.only.length > 0 || request.repository !== null) {
    throw new Failure(
      'INPUT_INVALID',
      'an undo puts back all that the restore replaced: it takes no only and no repository',
    );
  }
  const [kept] = await listKept(host.state, deployment.name);
  if (kept === undefined) {
    throw new Failure(
      'NOTHING_TO_UNDO',
      `no restore of ${deployment.name} has replaced anything that is still kept`,
    );
  }
  requireKept(kept);
  requireComplete(kept);
  return {
    kind: 'undo',
    mode: 'swap',
    safety: '',
    backup: kept.backup,
    repository: kept.settings.repository.name,
    databases: kept.databases.map(({ database }) => database),
    trees: kept.trees.map(({ tree }) => tree),
    undoes: kept.operation,
    lines: describe(kept),
    basis: [kept.operation, kept.databases, kept.trees],
  };
};

/** What was restored in place left nothing to swap back. */
const requireKept = ({ inPlace, backup, deployment }: KeptSet): void => {
  if (inPlace === undefined) return;
  const { safety } = inPlace;
  throw new Failure(
    'NOTHING_TO_UNDO',
    safety === ''
      ? `${backup} was restored in place, without a safety backup: nothing is kept of what was there before`
      : `${backup} was restored in place: what was there before is in the safety backup ${safety}`,
    safety === '' ? {} : { hint: `holdfast restore ${deployment} ${safety} --in-place` },
  );
};

/** Half of what was there would be old and half new. */
const requireComplete = (kept: KeptSet): void => {
  if (kept.absent.length === 0) return;
  throw new Failure(
    'NOTHING_TO_UNDO',
    `before the restore of ${kept.backup} there was no ${kept.absent.join(' and no ')}: there is nothing whole to go back to`,
  );
};

const describe = (kept: KeptSet): string[] => [
  `undo of the restore of ${kept.backup}: what was live until ${kept.replacedAt.slice(0, 19).replace('T', ' ')} UTC`,
  ...kept.databases.map(
    ({ database, live }) => `database ${database} (${live}): as it was before that restore`,
  ),
  ...kept.trees.map(({ tree, live }) => `files ${tree}: as they were before that restore, to ${live}`),
  'everything written since then is set aside with what is live now, and kept as long again',
];
