// owner.json: the one instance that may write and prune a deployment's backups in a repository, so that two hosts, or a host
// and its clone, never take each other's for their own. Anybody may list and restore. The claim is a conditional put; where a
// repository has none (rclone), two hosts that claim at the very same moment may both believe to have it, until they look again.
import { hostname } from 'node:os';
import { z } from 'zod';
import type { Effect } from '../domain/effect.js';
import { Failure } from '../domain/failure.js';
import type { Repository } from '../repositories/repository.js';

const OWNER_NAME = 'owner.json';

const ownerKey = (deployment: string): string => `${deployment}/${OWNER_NAME}`;

const ownerSchema = z.looseObject({
  version: z.literal(1),
  deployment: z.string(),
  instance: z.string(),
  host: z.string(),
  claimedAt: z.iso.datetime(),
});

type Owner = z.output<typeof ownerSchema>;

/** Who claims: an instance for a deployment. */
export interface Claim {
  deployment: string;
  instance: string;
}

/** Also where nobody can read who that is. */
export const hasOwner = async (repository: Repository, deployment: string): Promise<boolean> =>
  (await repository.get(ownerKey(deployment)).catch(nothingWhereDamaged)) !== null;

/** Failure NOT_OWNER when another instance has it, naming its host and since when. Nobody having it is fine. */
export const requireNoOtherOwner = async (repository: Repository, claim: Claim): Promise<void> => {
  const bytes = await repository.get(ownerKey(claim.deployment));
  if (bytes !== null) requireOwn(repository, claim, bytes);
};

/** Since when it is this instance's. Failure NOT_OWNER when it is another one's, or nobody has claimed it yet. */
export const requireOwner = async (repository: Repository, claim: Claim): Promise<Date> => {
  const bytes = await repository.get(ownerKey(claim.deployment));
  if (bytes === null)
    throw new Failure(
      'NOT_OWNER',
      `nobody has claimed ${claim.deployment} in repository ${repository.name} yet`,
      {
        hint: `the next backup or copy does: holdfast backup ${claim.deployment}`,
      },
    );
  requireOwn(repository, claim, bytes);
  return new Date(ownerOf(bytes)?.claimedAt ?? 0);
};

/** Claims it at the first backup, looks at every later one. */
export const claimOwnership = async (repository: Repository, claim: Claim, effect: Effect): Promise<void> => {
  const key = ownerKey(claim.deployment);
  const there = await repository.get(key);
  if (there !== null) return requireOwn(repository, claim, there);
  try {
    await repository.put(key, ownerBytes(claim), effect);
  } catch (error) {
    // Somebody was quicker: perhaps an earlier attempt of this one.
    const winner = await repository.get(key);
    if (winner === null) throw error;
    requireOwn(repository, claim, winner);
  }
};

/** Makes it this instance's, whoever has it, and if that cannot be read: the other one is refused from then on. */
export const takeOverOwnership = async (
  repository: Repository,
  claim: Claim,
  effect: Effect,
): Promise<void> => {
  const key = ownerKey(claim.deployment);
  const there = await repository.get(key).catch(nothingWhereDamaged);
  if (there !== null && ownerOf(there)?.instance !== claim.instance) await repository.remove(key, effect);
  await claimOwnership(repository, claim, effect);
};

const nothingWhereDamaged = (error: unknown): Buffer => {
  if (error instanceof Failure && error.code === 'CORRUPT_ARTIFACT') return Buffer.alloc(0);
  throw error;
};

const requireOwn = (repository: Repository, claim: Claim, bytes: Buffer): void => {
  const owner = ownerOf(bytes);
  if (owner?.instance === claim.instance) return;
  const whose =
    owner === null
      ? `cannot be read, so that nobody knows whose ${claim.deployment} is`
      : `says that ${claim.deployment} belongs to host ${owner.host} (instance ${owner.instance}) since ${owner.claimedAt}`;
  throw new Failure('NOT_OWNER', `${OWNER_NAME} in repository ${repository.name} ${whose}`, {
    hint: `if that host no longer backs it up: holdfast backup ${claim.deployment} --take-over; else give this one a repository or a deployment name of its own`,
  });
};

/** null: it cannot be read. */
const ownerOf = (bytes: Buffer): Owner | null => {
  try {
    return ownerSchema.parse(JSON.parse(bytes.toString('utf8')));
  } catch {
    return null;
  }
};

const ownerBytes = ({ deployment, instance }: Claim): Buffer => {
  const owner: Owner = {
    version: 1,
    deployment,
    instance,
    host: hostname(),
    claimedAt: new Date().toISOString(),
  };
  return Buffer.from(`${JSON.stringify(owner, null, 2)}\n`);
};
