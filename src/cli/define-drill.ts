// The command that proves a backup: its arguments, its help, its example.
import { command, type Define } from './define-command.js';
import type { DrillOptions } from './drill.js';

export const drill: Define = (program, output, finish) => {
  const summary = 'restore a backup beside everything, compare it, drop it again';
  command(program, 'drill <deployment> [backup]', summary, 'holdfast drill edms latest')
    .option('--repository <name>', 'take it from this repository')
    .option('--allow-unsigned', 'also a backup that nobody who is trusted has signed')
    .option('--detach', 'start it and do not wait')
    .action(async (deployment: string, id: string | undefined, options: DrillOptions) => {
      const what = { deployment, backup: id ?? 'latest' };
      finish(await (await import('./drill.js')).drill(what, options, output));
    });
};
