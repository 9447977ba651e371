// What every command has: --help with an example, --config, --json, and usage errors in holdfast's own words.
import type { Command, CommanderError } from 'commander';
import type { Output } from './output.js';
import { usageFailure } from './usage.js';

export type Define = (program: Command, output: Output, finish: (exitCode: number) => void) => void;

/** `keys` has commands of its own. */
export const group = (program: Command, name: string, summary: string): Command =>
  program
    .command(name)
    .description(summary)
    .helpOption('--help', 'show help')
    .helpCommand(false)
    .exitOverride((error: CommanderError) => {
      throw usageFailure(error, `holdfast ${name}`) ?? error;
    });

export const command = (program: Command, usage: string, summary: string, example: string): Command => {
  const [word = ''] = usage.split(' ');
  const name = [...groupsOf(program), word].join(' ');
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

/** The names in front of a command's own, without holdfast's. */
const groupsOf = (program: Command): string[] =>
  program.parent === null ? [] : [...groupsOf(program.parent), program.name()];
