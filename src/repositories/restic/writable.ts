// Whether a restic repository can be written, as far as this host can tell: one on a disk that is mounted read-only can be read all
// the same, without a lock. Nobody can remove something there meanwhile.
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { ResticSettings } from '../../config/schema-restic.js';

export const isWritable = ({ repository }: ResticSettings): Promise<boolean> =>
  isAbsolute(repository)
    ? access(join(repository, 'locks'), constants.W_OK).then(
        () => true,
        () => false,
      )
    : Promise.resolve(true);
