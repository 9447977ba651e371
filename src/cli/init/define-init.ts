// holdfast init: its arguments, its help, its example.
import { Option } from 'commander';
import { command, type Define } from '../define-command.js';
import type { InitOptions } from './options.js';

export const init: Define = (program, output, finish) => {
  const example =
    'holdfast init\n  $ holdfast init --yes --config /etc/holdfast/holdfast.yaml    # writes that file';
  command(program, 'init', 'look at what is here and write a holdfast.yaml for it', example)
    .option('--yes', 'ask nothing: what is usual, and these options')
    .option('--deployment <name>', 'what to call it')
    .option('--project <name>', 'the Compose project that holds the database')
    .option('--service <name>', 'the Compose service that is the database')
    .addOption(
      new Option(
        '--database-url <reference>',
        'where its URL is: env:NAME, file:/path or command:program args',
      ).conflicts(['project', 'service']),
    )
    .option('--files <path...>', 'folders that belong to it, instead of those that are found')
    .option('--repository <path>', 'the folder that keeps the backups')
    .option('--state <path>', 'the folder where the agent keeps its state')
    .option('--encrypt', 'make a key and encrypt backups to it')
    .action(async (options: InitOptions) => {
      finish(await (await import('./init.js')).init(options, output));
    });
};
