// Which of a configuration's repositories is the one that a backup was read from, and how it is reached from here.
import { type Address, addressOf } from './repository-address.js';
import { type RepositorySettings, repositorySettings } from './repository-settings.js';
import type { RepositoryShape } from './schema-repositories.js';

/** Its name, where the configuration has none that could be it. */
const NEW_NAME = 'recovered';

/**
 * The one with the same address; else the deployment's only one of that kind: its folder or bucket was copied or renamed.
 * @param known of the deployment, in its order
 */
export const sameRepository = (known: readonly RepositorySettings[], place: Address): string => {
  const address = addressOf(place.settings);
  const equal = known.find((settings) => addressOf(settings) === address);
  if (equal !== undefined) return equal.name;
  const alike = known.filter(({ kind }) => kind === place.settings.kind);
  return (alike.length === 1 ? alike[0]?.name : undefined) ?? NEW_NAME;
};

/** As it was, where the address is the same and its credentials are known here; else as it was reached just now. */
export const reachableShape = (
  name: string,
  {
    before,
    place,
    known,
  }: { before: RepositoryShape | undefined; place: Address; known: (reference: string) => boolean },
): RepositoryShape => {
  if (before === undefined || addressOf(repositorySettings(name, before)) !== addressOf(place.settings))
    return place.shape;
  const references = [
    before.password,
    ...Object.values(before.environment ?? {}),
    before.s3?.accessKeyId,
    before.s3?.secretAccessKey,
  ].filter((reference) => reference !== undefined);
  if (references.every(known)) return before;
  const { accessKeyId: _id, secretAccessKey: _secret, ...s3 } = before.s3 ?? {};
  return before.s3 === undefined
    ? { ...before, ...place.shape }
    : { ...before, s3: { ...s3, bucket: before.s3.bucket } };
};
