// Finds holdfast.yaml and reads it, if nobody but root and this user could have written it.
import { resolve } from 'node:path';
import { Failure } from '../domain/failure.js';
import { folderDistrust, readTrustedFile } from './trusted-file.js';

export interface ConfigText {
  /** Absolute. */
  file: string;
  text: string;
}

/** @param given the value of --config */
export const readConfig = async (given: string | undefined): Promise<ConfigText> => {
  const named = namedFile(given);
  if (named === null) return await readFirst([resolve('holdfast.yaml'), '/etc/holdfast/holdfast.yaml']);
  const found = await readIfThere(named.file);
  if (found !== null) return found;
  throw new Failure('CONFIG_INVALID', `${named.file} does not exist; ${named.by} names it`, { hint: HINT });
};

const HINT = 'holdfast init writes one; or name another with --config FILE or HOLDFAST_CONFIG';

const namedFile = (given: string | undefined): { file: string; by: string } | null => {
  if (given !== undefined) return { file: resolve(given), by: '--config' };
  const variable = process.env.HOLDFAST_CONFIG;
  return variable === undefined || variable === ''
    ? null
    : { file: resolve(variable), by: 'HOLDFAST_CONFIG' };
};

const readFirst = async (files: readonly string[]): Promise<ConfigText> => {
  for (const file of files) {
    const found = await readIfThere(file);
    if (found !== null) return found;
  }
  throw new Failure('CONFIG_INVALID', `there is no holdfast.yaml; looked for ${files.join(' and ')}`, {
    hint: HINT,
  });
};

const readIfThere = async (file: string): Promise<ConfigText | null> => {
  const outcome = await readTrustedFile(file, { maxBytes: 1_048_576, secret: false });
  if (outcome.kind === 'missing') return null;
  const problem = outcome.kind === 'refused' ? outcome.problem : await folderDistrust(file);
  if (problem !== null) throw new Failure('CONFIG_INVALID', `${file} ${problem}`);
  return { file, text: outcome.kind === 'text' ? outcome.text : '' };
};
