// Where holdfast.yaml will stand: free, and where holdfast will read it afterwards. Asked before anything else.
import { realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { distrustIn } from '../../config/trusted-file.js';
import { Failure } from '../../domain/failure.js';
import { statusOf } from '../../files/status.js';

export const requirePlace = async (file: string): Promise<void> => {
  if ((await statusOf(file)) !== null)
    throw new Failure('INPUT_INVALID', `${file} is there already; it stays as it is`, {
      hint: `see whether it works: holdfast doctor --config ${file}; or write another one: --config FILE`,
    });
  const folder = dirname(file);
  const facts = await stat(folder).catch(() => null);
  if (!facts?.isDirectory())
    throw new Failure('INPUT_INVALID', `there is no folder ${folder}`, { hint: 'make it first' });
  const problem = await distrustIn(await realpath(folder));
  if (problem !== null)
    throw new Failure('INPUT_INVALID', `${file} would be refused: it ${problem}`, {
      hint: 'mend that, or write it elsewhere: holdfast init --config /etc/holdfast/holdfast.yaml',
    });
};
