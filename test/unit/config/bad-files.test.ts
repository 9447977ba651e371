// Transcripts: what somebody reads who wrote this file. Every text is asserted whole.
import { describe, expect, test } from 'vitest';
import { problemsIn } from './holdfast-yaml.js';

/** A sound file around one deployment's lines. */
const withDeployment = (lines: string): string => `
state: /var/lib/holdfast
repositories: { local: { local: /srv/backups } }
deployments:
  edms:
${lines.replace(/^/gm, '    ')}
`;

const transcript = async (text: string, lines: string[]) => expect(await problemsIn(text)).toEqual(lines);

test('every problem of a file is reported at once, in the order of the file', async () => {
  await transcript(
    `
agnet: main
state: var/holdfast
timezone: Europe/Zurch
temporal: cloud
encryption: { recipients: [] }
repositories:
  Local: { local: /srv/backups }
  offsite: { s3: { bucket: Backups } }
  empty:
deployments:
  edms:
    database: { host: "db:5432", port: "5432", name: 2024, user: edms, password: hunter2 }
    files: { storage: ./storage, root: /, home: ~/edms, flag: true }
    repositories: [offsit, offsite, offsite]
    keepPrevious: 2 days
    approveWithin: 48h
    keep_previous: 48h
    tiers: {}
`,
    [
      'agnet: is not a known key; did you mean agent?',
      'state: must be an absolute path',
      'timezone: is not a known time zone; did you mean Europe/Zurich?',
      'temporal: must be embedded or a mapping',
      'encryption.recipients: must name at least one; without encryption, remove encryption',
      'repositories.Local: must be a name of lower-case letters, digits and hyphens, at most 41, that does not begin with a hyphen',
      'repositories.offsite.s3.bucket: must be a bucket’s name: 3 to 63 lower-case letters, digits, dots and hyphens',
      'repositories.empty: is empty; give it a value or remove it',
      'deployments.edms.database.host: is not a host name, an address or the absolute folder of a socket; the port has a place of its own',
      'deployments.edms.database.port: must be a number from 1 to 65535',
      'deployments.edms.database.name: must be text, not a number (quotes make it text)',
      'deployments.edms.database.password: a password is not written here; use env:NAME, file:/path or command:program args',
      'deployments.edms.files.storage: must be an absolute path',
      'deployments.edms.files.root: must not be the whole file system',
      'deployments.edms.files.home: must be an absolute path; ~ is not replaced here',
      'deployments.edms.files.flag: must be text or a mapping, not true (quotes make it text)',
      'deployments.edms.repositories[0]: names offsit, which is not under repositories; did you mean offsite?',
      'deployments.edms.repositories[2]: names offsite a second time',
      'deployments.edms.keepPrevious: must be a duration such as 90s, 30m, 12h or 30d',
      'deployments.edms.approveWithin: must be at most 24h',
      'deployments.edms.keep_previous: is not a known key; did you mean keepPrevious?',
      'deployments.edms.tiers: must name at least one',
    ],
  );
});

describe('what is not YAML is named by line and column, and never quoted', () => {
  test.each([
    [
      'a: [1\n',
      'line 2, column 1: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    ['state: /a\nstate: /b\n', 'line 2, column 1: this key is given twice'],
    ['deployments:\n  edms:\n\tdatabase: {}\n', 'line 3, column 1: indent with spaces, not with tabs'],
    ['password: !hunter2\n', 'line 1, column 11: a text that begins with ! must be quoted'],
    [
      'password: *hunter2\n',
      'line 1, column 11: no & before it defines this *name; quote a text that begins with *',
    ],
    [
      'password: "hunter2\\q"\n',
      'line 1, column 19: within double quotes \\ begins an escape; single quotes take it as it is',
    ],
    [
      'state: /a\n---\nstate: /b\n',
      'line 2, column 1: one file holds one configuration; a second document begins here',
    ],
    ['deployments: { __proto__: {} }\n', 'line 1, column 16: this word is not allowed'],
  ])('%j', async (text, line) => {
    await transcript(text, [line]);
  });

  test('not even what the parser does not expect', async () => {
    const lines = await problemsIn('password: "hunter" hunter2\n  hunter3\nx: {]hunter4\n');
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.join('\n')).not.toContain('hunter');
  });
});

test('names that stand for ever more names are refused before they fill the memory', async () => {
  const ten = (name: string) => Array.from({ length: 10 }, () => `*${name}`).join(', ');
  await transcript(`a: &a [1]\nb: &b [${ten('a')}]\nc: &c [${ten('b')}]\nd: [${ten('c')}]\n`, [
    'the file uses *names of *names too often',
  ]);
});

test.each(['', '# nothing\n', '- a\n', 'edms\n', '12\n'])(
  'a file that holds %j holds no configuration',
  async (text) => {
    await transcript(text, ['the file must hold repositories: and deployments:']);
  },
);

test('both parts of a configuration are needed, and neither may be empty', async () => {
  await transcript('agent: default\n', ['repositories: is missing', 'deployments: is missing']);
  await transcript('repositories: {}\ndeployments: {}\n', [
    'repositories: must name at least one',
    'deployments: must name at least one',
  ]);
});

test('a repository called by a number would not keep its place', async () => {
  await transcript(
    'repositories: { 2: { local: /srv/b } }\ndeployments: { edms: { files: { a: /srv/a } } }\nstate: /srv/c\n',
    ['repositories.2: must not be a number'],
  );
});

describe('a deployment', () => {
  const cases: [string, string, string[]][] = [
    ['is empty', '', ['deployments.edms: is empty; give it a value or remove it']],
    [
      'has nothing to back up',
      'files: {}\nkeepPrevious: 1h',
      ['deployments.edms: has neither database nor files, so there is nothing to back up'],
    ],
    [
      'has both database and databases',
      'database: { url: env:A }\ndatabases: { audit: { url: env:B } }',
      [
        'deployments.edms.database: is short for databases: { main: … }, which is here too; use one of the two',
      ],
    ],
    [
      'uses what comes later',
      'database: { url: env:A }\nfiles: { a: { path: /srv/a, exclude: [x] } }\ntargets: {}\nmerge: {}',
      ['files.a.exclude', 'targets', 'merge'].map(
        (key) => `deployments.edms.${key}: is not supported yet; remove it until it is`,
      ),
    ],
    [
      'lists no repository',
      'files: { a: /srv/a }\nrepositories: []',
      ['deployments.edms.repositories: must name at least one'],
    ],
    [
      'has a tree without a path, or with more than one',
      'files: { a: { volume: a/b }, b: { pth: /srv/b }, c: {}, d: { path: /srv/d, volume: d } }',
      [
        'deployments.edms.files.a.volume: must be the name of a Docker volume: letters, digits, dots, hyphens and underscores',
        'deployments.edms.files.b.pth: is not a known key; did you mean path?',
        'deployments.edms.files.c: must have either path or volume',
        'deployments.edms.files.d: must have either path or volume',
      ],
    ],
    [
      'has one volume twice',
      'files: { a: { volume: media }, b: { volume: media } }',
      ['deployments.edms.files.b: is the same volume as deployments.edms.files.a'],
    ],
  ];
  test.each(cases)('that %s', async (_what, lines, problems) => {
    await transcript(withDeployment(lines), problems);
  });
});

describe('a database', () => {
  const cases: [string, string, string[]][] = [
    ['has nothing', '{}', [': needs url, or host, name and user']],
    [
      'lacks some',
      '{ host: db, nmae: edms }',
      ['.nmae: is not a known key; did you mean name?', '.user: is missing'],
    ],
    [
      'has both',
      '{ url: env:A, host: db, port: 1 }',
      [': has both url and host, port; use the one or the other'],
    ],
    [
      'writes a number as its password',
      '{ url: env:A, password: 12345 }',
      ['.password: a password is not written here; use env:NAME, file:/path or command:program args'],
    ],
    [
      'has a bad reference',
      '{ url: env:A, password: "file:pw" }',
      ['.password: file: takes an absolute path: file:/path'],
    ],
    [
      'writes a password into its URL',
      '{ url: "postgres://u:pw@db/edms" }',
      ['.url: a URL with a password is not written here; use env:NAME, file:/path or command:program args'],
    ],
    [
      'writes a password behind its URL',
      '{ url: "postgres://u@db/edms?sslpassword=pw" }',
      ['.url: a URL with a password is not written here; use env:NAME, file:/path or command:program args'],
    ],
    ['has a URL without a user', '{ url: "postgres://db/edms" }', ['.url: is a URL that names no user']],
    [
      'has something else for its URL',
      '{ url: hunter2 }',
      [
        '.url: must be env:NAME, file:/path or command:program args, or postgres://USER@HOST:PORT/NAME without a password',
      ],
    ],
    [
      'has no port that could be one',
      '{ host: db, port: 70000, name: a, user: a }',
      ['.port: must be a number from 1 to 65535'],
    ],
    [
      'has an overlong name',
      `{ host: db, name: ${'x'.repeat(64)}, user: "" }`,
      ['.name: is longer than 63 bytes', '.user: is empty'],
    ],
  ];
  test.each(cases)('that %s', async (_what, database, problems) => {
    await transcript(
      withDeployment(`database: ${database}`),
      problems.map((problem) => `deployments.edms.database${problem}`),
    );
  });

  test('is on the server of the others, and only once', async () => {
    await transcript(
      withDeployment(`databases:
  main: { url: "postgres://u@db1/edms" }
  audit: { host: db2, name: audit, user: u }
  copy: { host: DB1, name: edms, user: u }
  hidden: { url: env:A }`),
      [
        'deployments.edms.databases.audit: is on db2:5432 but main is on db1:5432; the databases of a deployment are swapped in one transaction, so they must be on one server',
        'deployments.edms.databases.copy: is the same database as main: edms',
      ],
    );
  });

  test('belongs to one deployment', async () => {
    await transcript(
      `${withDeployment('database: { url: "postgres://u@db/edms" }')}
  other:
    database: { host: db, name: edms, user: u }
`,
      ['deployments.other.database: is the same database as deployments.edms.database'],
    );
  });
});

test('the address of a Temporal server has a port and no scheme', async () => {
  const sound = withDeployment('files: { a: /srv/a }');
  const wrong = 'temporal.address: must be HOST:PORT, such as temporal.example.com:7233, without http://';
  for (const address of ['http://temporal:7233', 'temporal', 'temporal:0', ':7233'])
    await transcript(`${sound}temporal: { address: "${address}" }\n`, [wrong]);
  await transcript(`${sound}temporal: { namespace: "" }\n`, [
    'temporal.namespace: must be text without control characters',
    'temporal.address: is missing',
  ]);
});

test('a time zone is an IANA name', async () => {
  const sound = withDeployment('files: { a: /srv/a }');
  for (const zone of ['+01:00', 'MEZ-1', 'europe/zurich!'])
    expect((await problemsIn(`${sound}timezone: "${zone}"\n`))[0]).toMatch(
      /^timezone: is not a known time zone; /,
    );
});
