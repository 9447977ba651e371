// age: encrypts to public keys, so that who only makes backups holds nothing that opens them.
import type { Command } from './command.js';

/** @param recipients X25519 (`age1…`) and SSH public keys; at least one */
export const ageEncrypt = (recipients: readonly string[], writesInto?: string): Command => ({
  program: 'age',
  args: ['--encrypt', ...recipients.flatMap((recipient) => ['--recipient', recipient])],
  ...(writesInto === undefined ? {} : { writesInto }),
});

/** @param identity absolute path of a private file with one or more secret keys */
export const ageDecrypt = (identity: string): Command => ({
  program: 'age',
  args: ['--decrypt', '--identity', identity],
});
