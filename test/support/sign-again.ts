// A manifest that a test has edited, signed as if this host had written it so.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SIGNATURE_NAME, signatureBytes } from '../../src/catalog/signed-manifest.js';
import { signed } from '../../src/catalog/signing.js';
import { signingKey } from '../../src/catalog/signing-key.js';

/** @param folder of the backup, in a local repository */
export const signAgain = async (folder: string, state: string): Promise<void> => {
  const bytes = await readFile(join(folder, 'manifest.json'));
  await writeFile(join(folder, SIGNATURE_NAME), signatureBytes(signed(await signingKey(state), bytes)));
};
