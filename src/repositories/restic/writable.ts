// Whether a restic repository can be written, as far as this host can tell: one on a disk that is mounted read-only can be read all
// the same, without a lock. Nobody can remove something there meanwhile.
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { ResticSettings } from '../../config/schema-restic.js';
import { Failure } from '../../domain/failure.js';

export const isWritable = async (settings: ResticSettings): Promise<boolean> =>
  (await refusal(settings)) === null;

/** restic asks again and again, for a minute and more, before it says so. @throws Failure REPOSITORY_UNREACHABLE */
export const requireWritable = async (settings: ResticSettings): Promise<void> => {
  const why = await refusal(settings);
  if (why === null) return;
  const { name, repository } = settings;
  throw new Failure(
    'REPOSITORY_UNREACHABLE',
    `repository ${name} at ${repository} cannot be written: ${why}`,
    {
      retryable: false,
    },
  );
};

/** null: it can be written, or only restic can tell. */
const refusal = async ({ repository }: ResticSettings): Promise<string | null> => {
  if (!isAbsolute(repository)) return null;
  try {
    await access(join(repository, 'locks'), constants.W_OK);
    return null;
  } catch (error) {
    return REFUSALS.get(String(Reflect.get(Object(error), 'code'))) ?? null;
  }
};

const REFUSALS = new Map([
  ['EROFS', 'it is mounted read-only'],
  ['EACCES', 'this user may not'],
]);
