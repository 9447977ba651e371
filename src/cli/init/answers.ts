// Questions on a terminal. Ctrl-C at each of them ends the command, and nothing has been written by then.
import { confirm, isCancel, multiselect, select, text } from '@clack/prompts';
import { Failure } from '../../domain/failure.js';

const given = async <T>(asked: Promise<T | symbol>): Promise<Exclude<T, symbol>> => {
  const answer = await asked;
  if (!isCancel(answer)) return answer as Exclude<T, symbol>;
  throw new Failure('CANCELLED', 'init was broken off', { hint: 'nothing was written' });
};

const TERMINAL = { output: process.stderr };

export interface TextQuestion {
  message: string;
  /** Stands there already, to be changed or taken. */
  initial?: string;
  /** What is wrong with an answer; null: nothing. */
  problem: (answer: string) => string | null;
}

/** Without blanks around it. */
export const askText = async ({ message, initial = '', problem }: TextQuestion): Promise<string> => {
  const validate = (answer: string | undefined) => problem((answer ?? '').trim()) ?? undefined;
  const answer = await given(text({ message, initialValue: initial, validate, ...TERMINAL }));
  return (answer ?? '').trim();
};

export const askWhether = (message: string, initialValue: boolean): Promise<boolean> =>
  given(confirm({ message, initialValue, ...TERMINAL }));

export interface Choice {
  label: string;
  hint?: string;
}

/** Gives the index of the one that was chosen; the first one is offered. */
export const askOne = (message: string, choices: readonly Choice[]): Promise<number> =>
  given(select({ message, options: optionsOf(choices), initialValue: 0, ...TERMINAL }));

/** Gives the indexes of those that were chosen. */
export const askSome = (
  message: string,
  choices: readonly Choice[],
  initialValues: readonly number[],
): Promise<number[]> =>
  given(
    multiselect({
      message,
      options: optionsOf(choices),
      initialValues: [...initialValues],
      required: false,
      ...TERMINAL,
    }),
  );

const optionsOf = (choices: readonly Choice[]) => choices.map((choice, value) => ({ ...choice, value }));
