import { expect, test } from 'vitest';
import { besideServer, sidecarReading, sidecarWriting } from '../../../src/tools/sidecar.js';

const container = { id: 'f00d'.repeat(16), name: 'edms-db-1', image: 'sha256:beef', port: 5433 };
const sidecar = { instance: 'i1', operation: '0123456789', container, folder: '/state/a, "b"' };
const command = {
  program: 'pg_dump',
  args: ['--format=custom'],
  env: { PGSERVICE: 'holdfast', PGPASSFILE: '/state/a, "b"/pgpass' },
};

test('a sidecar has the database’s image and network, no rights, and only stderr attached', () => {
  const [run, cat] = sidecarWriting(sidecar, command);
  expect(run).toMatchObject({ program: 'docker', name: 'pg_dump' });
  expect(run?.args).toEqual(
    expect.arrayContaining([
      'run',
      '--rm',
      '--attach=stderr',
      '--cap-drop=ALL',
      '--security-opt=no-new-privileges',
      '--read-only',
      `--network=container:${container.id}`,
      '--label=holdfast.instance=i1',
      '--label=holdfast.operation=0123456789',
      '--mount=type=bind,"source=/state/a, ""b""",target=/holdfast',
      '--env=PGPASSFILE=/holdfast/pgpass',
    ]),
  );
  expect(run?.args.slice(-5)).toEqual([
    'sha256:beef',
    '-c',
    'exec "$0" "$@" >/holdfast/stream',
    'pg_dump',
    '--format=custom',
  ]);
  expect(cat).toEqual({ program: 'cat', args: ['/state/a, "b"/stream'] });
});

test('for a program that reads, the host’s end of the stream comes first', () => {
  const [writer, run] = sidecarReading(sidecar, { ...command, program: 'pg_restore' });
  expect(writer?.args.at(-1)).toBe('/state/a, "b"/stream');
  expect(run?.args).toContain('exec "$0" "$@" </holdfast/stream');
});

test('beside the server there is neither another address nor a file of this host', () => {
  const target = {
    name: 'main',
    host: '172.18.0.2',
    port: 15_432,
    user: 'app',
    password: null,
    database: 'edms',
    parameters: { sslmode: 'verify-full', sslrootcert: '/etc/ca.pem', options: '-c x=1' },
    container,
  };
  expect(besideServer(target, container)).toEqual({
    ...target,
    host: '127.0.0.1',
    port: 5433,
    parameters: { sslmode: 'require', options: '-c x=1' },
  });
});
