// Who runs this process.
import { userInfo } from 'node:os';

/** A name; the number of a user who has none, as in containers. */
export const ownName = (): string => {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'somebody');
  }
};
