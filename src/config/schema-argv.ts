// A command in holdfast.yaml: a program and its arguments, run without a shell.
import { z } from 'zod';

const RULE = 'must be a list of a program and its arguments, such as [python, manage.py, migrate]';
const PROGRAM_RULE = 'must be the name of a program on PATH, or its absolute path';

const word = z
  .string()
  .refine((value) => !value.includes('\0'), 'must not hold a zero byte')
  .meta({ description: 'as it is given to the program' });

/** A relative path would depend on where the agent was started. */
const isProgram = (value: unknown): boolean =>
  typeof value !== 'string' || (value.trim() !== '' && (value.startsWith('/') || !value.includes('/')));

export const argv = (description: string) =>
  z
    .array(word, RULE)
    .min(1, RULE)
    .superRefine((words, context) => {
      if (words.length > 0 && !isProgram(words[0]))
        context.addIssue({ code: 'custom', path: [0], message: PROGRAM_RULE });
    })
    .meta({ description });
