// What every command has: --help with an example, --config, --json, and usage errors in holdfast's own words.
import type { Command, CommanderError } from 'commander';
import type { Output } from './output.js';
import { usageFailure } from './usage.js';

export type Define = (program: Command, output: Output, finish: (exitCode: number) => void) => void;

export const command = (program: Command, usage: string, summary: string, example: string): Command => {
  const [name = ''] = usage.split(' ');
  return program
    .command(usage)
    .description(summary)
    .helpOption('--help', 'show help')
    .option('--config <file>', 'holdfast.yaml to use')
    .option('--json', 'answer with one JSON object or array')
    .addHelpText('after', `\nExample:\n  $ ${example}`)
    .exitOverride((error: CommanderError) => {
      throw usageFailure(error, `holdfast ${name}`) ?? error;
    });
};
