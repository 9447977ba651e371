// The commands about keys: their arguments, their help, their examples.
import { command, type Define, group } from '../define-command.js';
import type { CommonOptions } from '../input.js';
import type { NewKeyOptions } from './keys-new.js';
import type { SheetOptions } from './keys-sheet.js';

export const keys: Define = (program, output, finish) => {
  const under = group(program, 'keys', 'the key that decrypts, the key that signs, and a sheet to print');
  command(under, 'new', 'make a key that backups are encrypted to', 'holdfast keys new')
    .option('--output <file>', 'where the secret key goes', 'holdfast-key.txt')
    .action(async (options: NewKeyOptions) => {
      finish(await (await import('./keys-new.js')).newKey(options, output));
    });
  command(under, 'show', 'the public halves of the keys in use', 'holdfast keys show').action(
    async (options: CommonOptions) => {
      finish(await (await import('./keys-show.js')).showKeys(options, output));
    },
  );
  command(under, 'sheet', 'a sheet to print: what a recovery needs', 'holdfast keys sheet --output /root')
    .option('--output <folder>', 'where the two files go', '.')
    .option('--with-identity', 'write the secret key on it: whoever reads the sheet reads every backup')
    .action(async (options: SheetOptions) => {
      finish(await (await import('./keys-sheet.js')).writeSheet(options, output));
    });
};
