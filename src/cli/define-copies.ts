// The commands about copies: their arguments, their help, their examples.
import type { CopyOptions } from './copy.js';
import { command, type Define } from './define-command.js';
import type { VerifyOptions } from './verify.js';

export const copy: Define = (program, output, finish) => {
  const example = 'holdfast copy edms --to offsite';
  command(program, 'copy <deployment> [backup]', 'copy backups to where they are missing', example)
    .option('--from <name>', 'read this repository')
    .option('--to <name>', 'fill this repository only')
    .option('--detach', 'start it and do not wait')
    .action(async (deployment: string, id: string | undefined, options: CopyOptions) => {
      finish(await (await import('./copy.js')).copy({ deployment, backup: id ?? null }, options, output));
    });
};

export const verify: Define = (program, output, finish) => {
  const example = 'holdfast verify edms latest --decode';
  command(program, 'verify [deployment] [backup]', 'read backups again and compare every byte', example)
    .option('--repository <name>', 'only the copies in this repository')
    .option('--decode', 'read dumps and archives too, and compare rows and files with the manifest')
    .option('--repair', 'replace what is missing or damaged from a good copy')
    .option('--rate <MB/s>', 'read no faster than this')
    .option('--detach', 'start it and do not wait')
    .action(async (deployment: string | undefined, id: string | undefined, options: VerifyOptions) => {
      const what = { deployment: deployment ?? null, backup: id ?? null };
      finish(await (await import('./verify.js')).verify(what, options, output));
    });
};
