// What this process remembers of restic repositories between its steps: what never changes there, by the ids that restic gives.
import { createHash } from 'node:crypto';
import type { ResticSnapshot } from '../../tools/restic-output.js';
import type { ResticSession } from './session.js';

interface Memory {
  /** By their ids. */
  snapshots: Map<string, ResticSnapshot>;
  small: Map<string, Buffer>;
  /** What the repository was when restic last could read and write it. */
  answered: string | null;
}

const memories = new Map<string, Memory>();

/** Whoever comes with another password finds nothing in it. */
export const memoryOf = async (session: ResticSession): Promise<Memory> => {
  const { repository, env } = await session.place();
  const place = createHash('sha256')
    .update(JSON.stringify([repository, env]))
    .digest('hex');
  const memory = memories.get(place) ?? { snapshots: new Map(), small: new Map(), answered: null };
  memories.set(place, memory);
  return memory;
};

interface Small {
  /** Of the snapshot, or its beginning: of 64 digits eight are enough. */
  id: string;
  key: string;
}

const SMALL_BYTES = 64 << 10;
const MOST = 256;

export const rememberSmall = async (session: ResticSession, small: Small, bytes: Buffer): Promise<void> => {
  const { small: known } = await memoryOf(session);
  if (bytes.length > SMALL_BYTES) return;
  known.set(nameOf(small), bytes);
  const [oldest] = known.keys();
  if (known.size > MOST && oldest !== undefined) known.delete(oldest);
};

export const rememberedSmall = async (session: ResticSession, small: Small): Promise<Buffer | undefined> =>
  (await memoryOf(session)).small.get(nameOf(small));

/** Of what may be damaged there: whoever asks is to see what is left. */
export const forgetSmall = async (session: ResticSession): Promise<void> =>
  (await memoryOf(session)).small.clear();

const nameOf = ({ id, key }: Small): string => `${id.slice(0, 8)} ${key}`;
