// Is there room in the state folder? Temporal’s database, the operation records and the log are written there all the time.
import { Failure } from '../domain/failure.js';
import { freeBytes } from '../files/free-space.js';

const LEAST_BYTES = 64e6;

export interface StateRoom {
  folder: string;
  freeBytes: number;
  /** Less is too little to go on with. */
  leastBytes: number;
}

export const stateRoom = async (state: string): Promise<StateRoom> => ({
  ...{ folder: state, freeBytes: await freeBytes(state) },
  leastBytes: LEAST_BYTES,
});

/** One sentence; null: there is enough. */
export const tooLittleRoom = ({ folder, freeBytes, leastBytes }: StateRoom): string | null =>
  freeBytes >= leastBytes
    ? null
    : `the disk of the state folder ${folder} has ${Math.floor(freeBytes / 1e6)} MB free, and less than ${leastBytes / 1e6} MB is too little to run`;

export const MORE_STATE_ROOM =
  'free some space there; or a larger disk: state in holdfast.yaml says where it is';

/** @throws DISK_FULL */
export const requireStateRoom = async (state: string): Promise<StateRoom> => {
  const room = await stateRoom(state);
  const problem = tooLittleRoom(room);
  if (problem === null) return room;
  throw new Failure('DISK_FULL', problem, { hint: MORE_STATE_ROOM });
};
