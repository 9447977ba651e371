import { expect, test } from 'vitest';
import { loadConfig } from '../../../src/config/load.js';
import { problemsIn, writeConfig } from './holdfast-yaml.js';

const withDrill = (drill: string): string => `
state: /var/lib/holdfast
repositories: { local: { local: /srv/backups } }
deployments:
  edms:
    databases: { main: { url: "postgres://edms@db/edms" }, audit: { url: "postgres://edms@db/log" } }
    drill: ${drill}
`;

const drillIn = async (text: string) => {
  const file = await writeConfig(withDrill(text));
  return (await loadConfig({ file })).deployments.edms?.drill;
};

test('an assertion without a database asks the first one, and without a server the deployment’s own is drilled on', async () => {
  expect(await drillIn('{ assertions: [ select true, { query: select 1 = 1, database: audit } ] }')).toEqual({
    assertions: [
      { query: 'select true', database: 'main' },
      { query: 'select 1 = 1', database: 'audit' },
    ],
    server: null,
  });
});

test('a second server is named by its parts or by a URL, and its password stays a reference', async () => {
  expect(
    (await drillIn('{ server: { host: drill.example.com, user: postgres, password: "env:DRILL" } }'))?.server,
  ).toEqual({
    kind: 'parts',
    name: 'drill',
    path: 'deployments.edms.drill.server',
    host: 'drill.example.com',
    port: 5432,
    user: 'postgres',
    password: 'env:DRILL',
    database: '',
  });
  expect((await drillIn('{ server: { url: "env:DRILL_URL" } }'))?.server).toMatchObject({
    kind: 'url',
    url: 'env:DRILL_URL',
  });
});

test.each([
  [
    '{ assertions: [ { query: select true, database: audti } ] }',
    'assertions[0].database: names audti, which is not a database of this deployment; did you mean audit?',
  ],
  ['{ assertions: [ "" ] }', 'assertions[0]: must be a query that gives one true value'],
  ['{ server: { host: db } }', 'server: needs url, or host and user'],
  ['{ server: { url: "env:A", host: db } }', 'server: has both url and host; use the one or the other'],
  [
    '{ server: { host: db, user: u, password: secret } }',
    'server.password: a password is not written here; use env:NAME, file:/path or command:program args',
  ],
])('%s is refused', async (drill, problem) => {
  expect(await problemsIn(withDrill(drill))).toEqual([`deployments.edms.drill.${problem}`]);
});

test('what is asked in a drill belongs to the deployment’s digest', async () => {
  const digestOf = async (drill: string) => {
    const file = await writeConfig(withDrill(drill));
    return (await loadConfig({ file })).deployments.edms?.digest;
  };
  expect(await digestOf('{ assertions: [ select true ] }')).not.toBe(await digestOf('{}'));
});
