import { expect, test } from 'vitest';
import { includeProblem, matchesStep, mayOverlap } from '../../../src/domain/include-pattern.js';

test('names below the folder are taken, with * and ? for part of a name', () => {
  for (const entry of ['.env', 'compose.yaml', 'conf/*.yaml', 'secrets/key-?.pem', 'a b/ü'])
    expect(includeProblem(entry)).toBeNull();
});

test.each([
  ['/etc/passwd', 'must be a name below path, not a path of its own'],
  ['~/x', 'must be a name below path, not a path of its own'],
  ['../other', 'must not leave path'],
  ['conf/../../other', 'must not leave path'],
  ['.', 'must be a name below path, such as .env or conf/*.yaml'],
  ['', 'must be a name below path, such as .env or conf/*.yaml'],
  ['conf//a', 'must be a name below path, such as .env or conf/*.yaml'],
  ['conf/', 'must be a name below path, such as .env or conf/*.yaml'],
  ['a\nb', 'must be a name below path, such as .env or conf/*.yaml'],
  ['conf/**', 'must not hold **: a folder is stored whole anyway'],
])('%j is refused', (entry, problem) => {
  expect(includeProblem(entry)).toBe(problem);
});

test('a star stands for any part of one name, and everything else for itself', () => {
  expect(matchesStep('*.yaml', 'compose.yaml')).toBe(true);
  expect(matchesStep('*', '.env')).toBe(true);
  expect(matchesStep('key-?.pem', 'key-1.pem')).toBe(true);
  expect(matchesStep('key-?.pem', 'key-12.pem')).toBe(false);
  expect(matchesStep('*.yaml', 'composeXyaml')).toBe(false);
  expect(matchesStep('a+(b)[c]*', 'a+(b)[c]d')).toBe(true);
  expect(matchesStep('*', 'two\nlines')).toBe(true);
});

test('an entry overlaps what it names, what lies in that, and what it lies in', () => {
  expect(mayOverlap('storage', 'storage')).toBe(true);
  expect(mayOverlap('storage', 'storage/media')).toBe(true);
  expect(mayOverlap('storage/media', 'storage')).toBe(true);
  expect(mayOverlap('s*', 'storage/media')).toBe(true);
  expect(mayOverlap('.env', 'storage')).toBe(false);
  expect(mayOverlap('*.yaml', 'backups')).toBe(false);
  expect(mayOverlap('conf/*', 'backups/conf')).toBe(false);
});
