// holdfast keys sheet: writes the recovery sheet as HTML and as text, for this user alone.
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { knownSigningKey } from '../../catalog/signing-key.js';
import type { Config } from '../../config/config.js';
import { resolveIdentity } from '../../config/identity.js';
import { holdfastVersion } from '../../config/version.js';
import { Failure } from '../../domain/failure.js';
import { runForSecret } from '../../tools/run-for-secret.js';
import { type CommonOptions, configOf } from '../input.js';
import type { Output } from '../output.js';
import { writePrivateFile } from '../private-file.js';
import { sheetHtml, sheetText } from '../render/sheet.js';
import { recoverySheet } from './sheet.js';

export interface SheetOptions extends CommonOptions {
  output: string;
  withIdentity?: true;
}

export const writeSheet = async (options: SheetOptions, output: Output): Promise<number> => {
  const config = await configOf(options);
  const at = new Date().toISOString();
  const sheet = recoverySheet({
    config,
    at,
    host: hostname(),
    version: holdfastVersion(),
    signing: await signingKeyOf(config),
    identity: options.withIdentity ? await secretKeyOf(config) : null,
  });
  const host = hostname().replace(/[^A-Za-z0-9-]/g, '-');
  const base = join(resolve(options.output), `holdfast-recovery-${host}-${at.slice(0, 10)}`);
  const files = [`${base}.html`, `${base}.txt`];
  await writePrivateFile(`${base}.html`, sheetHtml(sheet));
  await writePrivateFile(`${base}.txt`, sheetText(sheet));
  if (options.withIdentity) {
    output.say(
      output.paint('bold', 'THE SECRET KEY IS ON THESE SHEETS: whoever reads one can read every backup'),
    );
    output.say('print them where nobody else prints, lock them away, and remove the files');
  } else output.say('no secret is on it; print it, and keep it away from this host');
  if (output.json) output.answerJson({ files });
  else output.answer(files.join('\n'));
  return 0;
};

const signingKeyOf = async ({ state }: Config): Promise<string> => {
  const key = await knownSigningKey(state);
  if (key !== null) return key.publicKey;
  throw new Failure('INPUT_INVALID', 'this host has no signing key yet, and the sheet must name it', {
    hint: 'its agent makes one when it starts: holdfast up, or the first backup',
  });
};

const secretKeyOf = ({ encryption }: Config): Promise<string> => {
  if (encryption?.identity)
    return resolveIdentity(encryption.identity, { path: 'encryption.identity', run: runForSecret });
  throw new Failure('KEY_MISSING', 'holdfast.yaml names no secret key that could be written on the sheet');
};
