// What the system's refusals mean when a folder is to take another one's place.
import { Failure } from '../domain/failure.js';
import { isErrno } from './status.js';

/** Runs `act`; what the system refuses becomes one sentence, "cannot <what>: <why>", and a next step. */
export const explained = async <T>(what: string, act: () => Promise<T>): Promise<T> => {
  try {
    return await act();
  } catch (error) {
    const refusal = REFUSALS.find(({ codes }) => isErrno(error, ...codes));
    if (!refusal) throw error;
    throw new Failure('TREE_NOT_SWAPPABLE', `cannot ${what}: ${refusal.why}`, {
      hint: refusal.hint,
      cause: error,
    });
  }
};

const REFUSALS = [
  {
    codes: ['EXDEV'],
    why: 'it is on another filesystem',
    hint: 'give each filesystem a tree of its own in holdfast.yaml',
  },
  {
    codes: ['EBUSY'],
    why: 'it is a mount point, or in use by the system',
    hint: 'unmount it, or make the mount point a tree of its own in holdfast.yaml',
  },
  {
    codes: ['ENOTEMPTY', 'EEXIST', 'ENOTDIR', 'EISDIR'],
    why: 'something else is in its place',
    hint: 'stop what writes there, move it away, then try again',
  },
  {
    codes: ['EACCES', 'EPERM', 'EROFS'],
    why: 'this user may not do that there',
    hint: 'run the agent as a user who may write to the folder and to the one above it',
  },
  {
    codes: ['ENOENT'],
    why: 'it is not there any more',
    hint: 'look who moves folders there, then try again',
  },
];
