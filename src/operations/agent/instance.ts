// Who this agent is: an id made at its first start. Everything it creates outside carries it.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Failure } from '../../domain/failure.js';
import { createJson, readJson } from '../state-folder.js';

/** Sixteen hexadecimal digits; the same for as long as the state folder lives. */
export const instanceId = async (state: string): Promise<string> => {
  const path = join(state, 'instance.json');
  await createJson(path, { instance: randomBytes(8).toString('hex') });
  const id = await knownInstance(state);
  if (id !== null) return id;
  throw new Failure('STATE_DAMAGED', `${path} is gone again`, { hint: HINT });
};

/** null: this state folder has had no agent yet. */
export const knownInstance = async (state: string): Promise<string | null> => {
  const path = join(state, 'instance.json');
  const stored = await readJson(path, HINT);
  if (stored === null) return null;
  const id: unknown = typeof stored === 'object' ? Reflect.get(stored, 'instance') : undefined;
  if (typeof id === 'string' && /^[0-9a-f]{16}$/.test(id)) return id;
  throw new Failure('STATE_DAMAGED', `${path} is damaged: it holds no instance id`, { hint: HINT });
};

const HINT =
  'move it aside; databases and folders that an interrupted restore left must then be removed by hand';
