// Reads one JSON object of names and choices; what does not fit is INPUT_INVALID, with an example.
import { Failure } from './failure.js';
import { isName, NAME_PATTERN } from './names.js';

export const reader = (input: unknown, workflow: string, keys: readonly string[], example: string) => {
  const wrong = (problem: string) =>
    new Failure('INPUT_INVALID', `${workflow}: ${problem}`, {
      hint: `give one JSON object such as ${example}; known keys: ${keys.join(', ')}`,
    });
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw wrong(input === undefined ? 'no input was given' : 'the input must be one JSON object');
  }
  const unknown = Object.keys(input).filter((key) => !keys.includes(key));
  if (unknown.length > 0)
    throw wrong(`unknown ${unknown.length === 1 ? 'key' : 'keys'} ${unknown.join(', ')}`);
  const value = (key: string): unknown => Reflect.get(input, key);
  return {
    name: (key: string): string => {
      const given = value(key);
      if (!isName(given)) throw wrong(`${key} must be a name (${NAME_PATTERN.source})`);
      return given;
    },
    optional: <T, D>(
      key: string,
      otherwise: D,
      matches: (given: unknown) => given is T,
      expected: string,
    ): T | D => {
      const given = value(key);
      if (given === undefined || given === null) return otherwise;
      if (!matches(given)) throw wrong(`${key} must be ${expected}`);
      return given;
    },
  };
};
