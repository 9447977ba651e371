import { expect, test } from 'vitest';
import { startProblem } from '../../../src/temporal/server-log.js';

// What the server was seen to say.
test.for([
  'Error: failed starting server: failed creating namespaces: unable to create SQLite admin DB: file is not a database (26)',
  'Error: failed starting server: failed creating namespaces: unable to create SQLite admin DB: database disk image is malformed (11)',
  'Error: failed starting server: error creating namespace "default": SQL logic error: no such table: namespaces (1)',
])('a file that cannot be opened is told from its words: %s', (log) => {
  expect(startProblem(log)).toBe('file does not open');
});

test('a taken port is not the file’s fault', () => {
  const log = "Error: can't set frontend port 7233: listen tcp 127.0.0.1:7233: bind: address already in use";
  expect(startProblem(log)).toBe('port taken');
});

test.for([
  'GetClusterMetadata operation failed. Error: database is locked (5)',
  'SaveClusterMetadata operation failed. Error: attempt to write a readonly database (8)',
  'Error: failed starting server: database or disk is full (13)',
  'Error: failed checking dir for database file: stat /nowhere: no such file or directory',
  '',
])('a history is never moved aside because of: %s', (log) => {
  expect(startProblem(log)).toBe('other');
});
