// What commander finds wrong with a command line, as a failure like every other one.
import { CommanderError } from 'commander';
import { Failure } from '../domain/failure.js';

/** null: help or the version was asked for and given. */
export const usageFailure = (error: CommanderError, command: string): Failure | null => {
  if (error.exitCode === 0) return null;
  if (error.code === 'commander.help') return noCommand();
  const [problem = '', suggestion = ''] = error.message.replace(/^error: /, '').split('\n');
  const help = `${command} --help shows how it is used`;
  return new Failure('INPUT_INVALID', problem, {
    hint: suggestion === '' ? help : `${didYouMean(suggestion)} ${help}`,
    cause: error,
  });
};

export const isCommanderError = (thrown: unknown): thrown is CommanderError =>
  thrown instanceof CommanderError;

const noCommand = () =>
  new Failure('INPUT_INVALID', 'no command was given', { hint: 'holdfast --help lists them' });

/** commander writes `(Did you mean backup?)`. */
const didYouMean = (suggestion: string): string => {
  const words = suggestion.replace(/^\(|\)$/g, '');
  return words.charAt(0).toLowerCase() + words.slice(1);
};
