import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../../src/config/load.js';
import { checkDraft } from '../../../../src/operations/init/check-draft.js';
import type { DatabaseDraft, Draft, FolderDraft } from '../../../../src/operations/init/draft.js';
import { USUAL_KEEP } from '../../../../src/operations/init/draft.js';
import { renderDraft, toFillIn } from '../../../../src/operations/init/render-draft.js';

const draft = (more: Partial<Draft> = {}): Draft => ({
  file: '/srv/edms/holdfast.yaml',
  deployment: 'edms',
  state: '/srv/state',
  repository: '/srv/backups',
  database: { kind: 'url', url: 'env:DATABASE_URL', remarks: ['from .env'] },
  folders: [{ name: 'media', path: '/srv/edms/media' }],
  services: null,
  tiers: ['daily', 'weekly', 'monthly'],
  encryption: null,
  notify: null,
  ...more,
});

const parsed = (given: Draft, space: string | null = null) =>
  parseConfig({ file: given.file, text: renderDraft(given, space) });

/** Whatever may stand in a path or a name: quotes, #, colons, brackets, words that YAML knows, other scripts. */
const piece = fc.oneof(
  fc.constantFrom(
    'a',
    ' b',
    'it’s',
    '"',
    "'",
    '#',
    ' #',
    ': ',
    ':',
    '{',
    '}',
    '[',
    ']',
    ',',
    '&x',
    '*',
    '!',
    '|',
    '>',
    '%',
    '@',
    '`',
    '\\',
    'null',
    'true',
    '~',
    '1e3',
    '- ',
    '\t',
    'ü',
    '漢',
    '😀',
    '\u0085',
    '\u2028',
    '\x7f',
    '\n',
  ),
  fc.string({ unit: 'binary', maxLength: 6 }).filter((text) => !text.includes('\0') && !text.includes('/')),
);
const odd = fc
  .array(piece, { minLength: 1, maxLength: 6 })
  .map((parts) => parts.join(''))
  .filter((text) => text !== '');
const path = (below: string) =>
  odd.filter((name) => name !== '.' && name !== '..').map((name) => `/holdfast-init-test/${below}/${name}`);
const identifier = odd.filter((text) => !/\p{Cc}/u.test(text) && Buffer.byteLength(text) <= 63);

const database: fc.Arbitrary<DatabaseDraft> = fc.oneof(
  fc.record({
    kind: fc.constant('url' as const),
    url: fc.constant('env:DATABASE_URL'),
    remarks: fc.array(odd, { maxLength: 2 }),
  }),
  fc.record({
    ...{ kind: fc.constant('compose' as const), project: fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,20}$/) },
    ...{
      service: fc.stringMatching(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,20}$/),
      name: identifier,
      user: identifier,
    },
    password: fc.option(path('secret').map((file) => `file:${file}`)),
  }),
  fc.record({
    ...{
      kind: fc.constant('parts' as const),
      host: fc.constantFrom('db.example.com', '/var/run/postgresql', '::1'),
    },
    ...{ port: fc.option(fc.integer({ min: 1, max: 65_535 })), name: identifier, user: identifier },
    password: fc.constant('none' as const),
  }),
);

const drafts = fc
  .record({
    ...{ deployment: fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,40}$/), database },
    ...{ repository: path('repository'), state: fc.option(path('state')), notify: fc.option(odd) },
    folders: fc
      .array(fc.tuple(fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,40}$/), odd), { maxLength: 3 })
      .map((all) =>
        [...new Map(all)].map(
          ([name], index): FolderDraft => ({
            name,
            path: `/holdfast-init-test/files-${index}/${all[index]?.[1]}`,
          }),
        ),
      ),
    services: fc.option(
      fc.record({
        project: fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,20}$/),
        services: fc.uniqueArray(fc.stringMatching(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,20}$/), {
          minLength: 1,
          maxLength: 3,
        }),
      }),
    ),
    tiers: fc.subarray(Object.keys(USUAL_KEEP)),
  })
  .map((given) =>
    draft({
      ...given,
      services: given.services === null ? null : { ...given.services, healthy: given.services.services },
    }),
  );

describe('holdfast.yaml as init writes it', () => {
  it('is taken by holdfast’s own parser, and says what was drafted, whatever names and paths are like', async () => {
    await fc.assert(
      fc.asyncProperty(drafts, fc.option(odd), async (given, space) => {
        const config = await parsed(given, space);
        const { [given.deployment]: deployment } = config.deployments;
        expect(config.repositories.local).toMatchObject({
          kind: 'local',
          path: given.repository.replace(/\/$/, ''),
        });
        expect(deployment?.trees.map(({ name }) => name).sort()).toEqual(
          given.folders.map(({ name }) => name).sort(),
        );
        expect(deployment?.databases[0]).toMatchObject(expectedDatabase(given.database));
        expect(config.routines[given.deployment]?.tiers.map(({ name }) => name)).toEqual(
          given.tiers.length === 0 ? [] : [...given.tiers, 'manual', 'safety'],
        );
      }),
      { numRuns: 100 },
    );
  });

  it('keeps names that YAML would take for numbers', async () => {
    const folders = [
      { name: '00', path: '/srv/zero' },
      { name: '1e3', path: '/srv/thousand' },
    ];
    const given = draft({ deployment: '007', folders });
    const { '007': deployment } = (await parsed(given, null)).deployments;
    expect(deployment?.trees.map(({ name }) => name)).toEqual(['00', '1e3']);
  });

  it('is refused by that parser until each gap is filled, and taken then', async () => {
    const gaps = draft({
      database: { kind: 'parts', host: null, port: null, name: null, user: null, password: 'unknown' },
    });
    expect(toFillIn(gaps).map(({ path: where }) => where)).toEqual(
      ['host', 'name', 'user', 'password'].map((key) => `deployments.edms.database.${key}`),
    );
    const text = renderDraft(gaps, null);
    expect(text).toContain('NOT COMPLETE');
    await expect(parseConfig({ file: gaps.file, text })).rejects.toThrow(/^4 problems in/);
    const filled = text
      .replace(/^( +(?:host|name|user):) +# FILL IN/gm, '$1 given # was')
      .replace(/^( +password:) +# FILL IN/gm, '$1 env:PW # was');
    const config = await parseConfig({ file: gaps.file, text: filled });
    expect(config.deployments.edms?.databases).toMatchObject([
      { host: 'given', user: 'given', password: 'env:PW' },
    ]);
    await expect(checkDraft(gaps)).resolves.toBeDefined();
  });

  it('has examples behind its # that are taken as they stand, once somebody takes the # away', async () => {
    const given = draft({ folders: [], tiers: [] });
    const examples = [
      'offsite:',
      '  s3:',
      'files:',
      '  media: /srv',
      '  uploads: {',
      'services:',
      '  - systemd:',
      '  - compose:',
      '    duringBackup',
      'hooks:',
      '  beforeBackup:',
      '  afterRestore:',
      'health:',
      '  within:',
      '  checks:',
      '    - http:',
      '    - sql:',
      '    - tcp:',
      'tiers:',
      '  hourly:',
      '  daily:',
      '  weekly:',
      '  monthly:',
      'verify:',
      'drill:',
      '  schedule:',
      '  maxAge:',
      '  assertions:',
      'notify:',
      '  - ping:',
      '  - email:',
      'timezone:',
    ];
    let text = renderDraft(given, null);
    for (const line of examples) {
      const before = text;
      text = text
        .split('\n')
        .map((one) => (one.trimStart().startsWith(`# ${line}`) ? one.replace('# ', '') : one))
        .join('\n');
      expect(text, line).not.toBe(before);
    }
    const config = await parseConfig({ file: given.file, text });
    expect(config.deployments.edms).toMatchObject({
      trees: [{ name: 'media' }, { name: 'uploads' }],
      services: [{ kind: 'systemd' }, { kind: 'compose' }],
      repositories: ['local', 'offsite'],
    });
    expect(config.notify.map(({ kind }) => kind)).toEqual(['ping', 'email']);
    expect(config.routines.edms?.tiers.map(({ name }) => name)).toEqual(
      expect.arrayContaining(Object.keys(USUAL_KEEP)),
    );
  });

  it('is not drafted with places that lie in each other', async () => {
    const given = draft({ repository: '/srv/edms/media/backups' });
    await expect(checkDraft(given)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('deployments.edms.files.media'),
      hint: expect.stringContaining('nothing was written'),
    });
  });
});

const expectedDatabase = (given: DatabaseDraft | null): object => {
  if (given?.kind === 'url') return { kind: 'url', url: given.url };
  if (given?.kind === 'compose')
    return {
      user: given.user,
      database: given.name,
      password: given.password,
      container: { project: given.project },
    };
  return { user: given?.user, database: given?.name, host: given?.host };
};
