// What zod finds, said to a person. Types are named in YAML's words, and no value is repeated.
import type { z } from 'zod';
import { MISSING, type Problem, valueAt } from './problem.js';

type Issue = z.core.$ZodIssue;

/** A problem for each issue; one for each key where several are unknown. */
export const shapeProblems = (issues: readonly Issue[], value: unknown): Problem[] =>
  issues.flatMap((issue) => problemsOf(issue, value));

const problemsOf = (issue: Issue, value: unknown): Problem[] => {
  const { path } = issue;
  const given = valueAt(value, path);
  if (given === undefined) return [{ path, text: MISSING }];
  if (given === null) return [{ path, text: 'is empty; give it a value or remove it' }];
  switch (issue.code) {
    case 'unrecognized_keys': {
      const sentences = issue.message.split('\n');
      return issue.keys.map((key, index) => ({ path: [...path, key], text: sentences[index] ?? '' }));
    }
    case 'invalid_union':
      return unionProblems(issue, value, given);
    case 'invalid_type':
      return [{ path, text: typeSentence(issue, given) }];
    default:
      return [{ path, text: issue.message }];
  }
};

/** Of the alternatives, the one that was meant is the one whose type fits. */
const unionProblems = (issue: z.core.$ZodIssueInvalidUnion, value: unknown, given: unknown): Problem[] => {
  const { path } = issue;
  const meant = issue.errors.filter((issues) => !issues.some(isOfAnotherKind));
  if (meant.length === 1)
    return shapeProblems(
      (meant[0] ?? []).map((inner) => ({ ...inner, path: [...path, ...inner.path] })),
      value,
    );
  const forms = issue.errors.flatMap((issues) => issues.filter(isOfAnotherKind).map(expectation));
  const hasWords = issue.errors.flat().some(({ code }) => code === 'invalid_value');
  return [{ path, text: `must be ${forms.join(' or ')}${hasWords ? '' : `, not ${kindOf(given)}`}` }];
};

const isOfAnotherKind = ({ code, path }: Issue): boolean =>
  path.length === 0 && (code === 'invalid_type' || code === 'invalid_value');

/** Its own sentence where the schema has one. */
const typeSentence = (issue: Issue, given: unknown): string =>
  issue.message.startsWith('Invalid input')
    ? `must be ${expectation(issue)}, not ${kindOf(given)}`
    : issue.message;

const expectation = (issue: Issue): string => {
  if (issue.code === 'invalid_value') return issue.values.map(String).join(', ');
  return issue.code === 'invalid_type' ? (KINDS[issue.expected] ?? issue.expected) : issue.message;
};

const KINDS: Partial<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

const kindOf = (value: unknown): string => {
  if (typeof value === 'number') return 'a number (quotes make it text)';
  if (typeof value === 'boolean') return `${value} (quotes make it text)`;
  return KINDS[Array.isArray(value) ? 'array' : typeof value] ?? typeof value;
};
