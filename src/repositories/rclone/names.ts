// Names of unfinished objects on an rclone remote: hidden, in the same folder, of one attempt alone.
import { randomBytes } from 'node:crypto';

export const temporaryName = (key: string): string => {
  const slash = key.lastIndexOf('/') + 1;
  return `${key.slice(0, slash)}.${key.slice(slash)}.${randomBytes(6).toString('hex')}.partial`;
};

/** @param name of the complete object */
export const isUnfinishedOf = (entry: string, name: string): boolean =>
  entry.startsWith(`.${name}.`) && /^[0-9a-f]{12}\.partial/.test(entry.slice(name.length + 2));

/** Of whatever name. */
export const isUnfinished = (entry: string): boolean => /^\..+\.[0-9a-f]{12}\.partial/.test(entry);

/** What begins with a dot, at any level, is unfinished or not ours. */
export const isHidden = (key: string): boolean => key.split('/').some((part) => part.startsWith('.'));
