import { expect, it } from 'vitest';
import { choiceLines, keptSentence } from '../../../src/cli/render/init.js';
import type { Draft } from '../../../src/operations/init/draft.js';
import type { Space } from '../../../src/operations/init/space.js';

const draft: Draft = {
  ...{ file: '/srv/edms/holdfast.yaml', deployment: 'edms', state: null, repository: '/mnt/backups' },
  database: {
    kind: 'compose',
    project: 'edms',
    service: 'db',
    name: 'documents',
    user: 'edms',
    password: null,
  },
  folders: [{ name: 'media', path: '/srv/edms/media' }],
  services: { project: 'edms', services: ['web', 'worker'], healthy: [] },
  ...{ tiers: ['daily'], encryption: null, notify: null },
};

const space: Space = {
  databaseBytes: 40e9,
  files: { files: 41_203, bytes: 10e9, more: false, ratio: 0.8 },
  ...{ backupBytes: 18e9, kept: 7, keptBytes: 126e9, freeBytes: 500e9, unknown: [] },
};

it('says what will be written, and what it costs: what was measured, what is assumed, and what is free', () => {
  expect(choiceLines({ draft, encrypt: true }, space)).toEqual([
    'deployment edms',
    '  database    documents in service db of the Compose project edms',
    '  files       media: /srv/edms/media',
    '  services    web, worker: a restore stops them',
    '  repository  /mnt/backups, encrypted',
    '  tiers       daily',
    '  space       database 40.0 GB, dumped and compressed to 25 % (assumed); 41,203 files, 10.0 GB, compressed to 80 % (measured on a sample)',
    '              7 backups of about 18.0 GB are kept in the end: 126 GB; 500 GB are free there',
  ]);
});

it('says that it will not fit, and what helps', () => {
  const lines = choiceLines({ draft, encrypt: false }, { ...space, freeBytes: 100e9 });
  expect(lines.at(-1)).toBe(
    '              7 backups of about 18.0 GB are kept in the end: 126 GB; only 100 GB are free there: choose fewer tiers, another disk, or a restic repository',
  );
});

it('promises no more than it knows', () => {
  const unknown = ['the database could not be asked for its size: it does not answer'];
  expect(choiceLines({ draft, encrypt: false }, { ...space, databaseBytes: null, unknown })).toContain(
    `  note: ${unknown[0]}`,
  );
  expect(keptSentence({ ...space, unknown })).toBe(
    '7 backups of at least 18.0 GB are kept in the end: at least 126 GB',
  );
  expect(keptSentence({ ...space, backupBytes: 0, keptBytes: 0 })).toBe('7 backups are kept in the end');
  expect(keptSentence({ ...space, kept: 1, keptBytes: 18e9 })).toBe(
    '1 backup of about 18.0 GB is kept in the end: 18.0 GB',
  );
});
