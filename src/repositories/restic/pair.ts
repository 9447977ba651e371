// Whether one restic process can use two repositories: it has one environment for both, but for the password.
import type { ResticPlace } from '../../tools/restic.js';

export const shareEnvironment = (one: ResticPlace, other: ResticPlace): boolean => {
  if (!one.local && kindOf(one) === kindOf(other)) return isPartOf(one, other) && isPartOf(other, one);
  return Object.entries(one.env).every(([name, value]) => fits(other, name, value));
};

/** Two of one kind read the same variables: what one of them lacks, it is not to be given. */
const isPartOf = (one: ResticPlace, other: ResticPlace): boolean =>
  Object.entries(one.env).every(([name, value]) => name === PASSWORD || other.env[name] === value);

const fits = ({ env }: ResticPlace, name: string, value: string): boolean =>
  name === PASSWORD || env[name] === undefined || env[name] === value;

const PASSWORD = 'RESTIC_PASSWORD';

/** `s3`, `rest`; of a path the path. */
const kindOf = ({ repository }: ResticPlace): string => repository.split(':')[0] ?? '';
