import { expect, it } from 'vitest';
import { createPaint } from '../../../src/cli/render/paint.js';
import { showLines } from '../../../src/cli/render/show.js';
import { sampleManifest } from './sample-manifest.js';

it('show tells everything in the manifest, and leaves out what is empty', () => {
  expect(
    showLines(
      sampleManifest,
      {
        ...{ repositories: ['local', 'offsite'], damaged: [], unknown: [] },
        signer: { kind: 'trusted', key: 'ed25519:key' },
        proved: { how: 'restored', at: '2026-01-12T05:00:00.000Z', by: 'drill' },
      },
      createPaint(false),
    ).join('\n'),
  ).toBe(
    `edms 20260111T224748Z-full-3f9a
  type           full
  tiers          manual
  started        2026-01-11 22:47:48 UTC
  took           12.4 s
  consistency    live, with a gap of 1.2 s
  repositories   local, offsite
  signed         by ed25519:key, which is trusted here
  proved         restored, 2026-01-12 05:00:00 UTC, by drill
  made by        holdfast 0.1.0, instance a1b2c3
  run            holdfast.edms.backup run-1

database main
  name              edms
  size              12.0 MB
  snapshot          2026-01-11 22:47:49 UTC
  contents          41,203 rows in 2 tables and 3 large objects
  server            PostgreSQL 15.14
  encoding          UTF8, collate C.UTF-8, ctype C.UTF-8
  locale provider   libc
  extensions        plpgsql 1.0
  owner             edms
  roles             edms, edms_reader
  settings          search_path=app
  comment           documents

files storage
  path                 /srv/edms/storage
  contents             3,120 files, 5.0 MB, 3200 entries
  scanned              2026-01-11 22:47:49 UTC to 2026-01-11 22:47:50 UTC
  digest               ${'c'.repeat(64)}
  changed while read   "./a\\nb"

artifacts
  NAME                     STORED      RAW   SHA-256
  database.main.dump.zst   2.0 MB   9.0 MB   ${'a'.repeat(64)}
  globals.sql.zst           500 B            ${'b'.repeat(64)}

RESTORE.md beside them holds the commands that restore it by hand.`,
  );
});
