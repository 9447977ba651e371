import { expect, test } from 'vitest';
import { loadConfig } from '../../../src/config/load.js';
import { problemsIn, writeConfig } from './holdfast-yaml.js';

const withHealth = (databases: string, sql: string): string => `
state: /var/lib/holdfast
repositories: { local: { local: /srv/backups } }
deployments:
  edms:
    ${databases}
    files: { storage: /srv/edms }
    health: { checks: [ { sql: { query: select true${sql} } } ] }
`;

const TWO =
  'databases: { main: { url: "postgres://edms@db/edms" }, audit: { url: "postgres://edms@db/log" } }';
const ONE = 'database: { url: "postgres://edms@db/edms" }';

test('a health check that asks a database that is not configured is refused with the file', async () => {
  expect(await problemsIn(withHealth(TWO, ', database: audti'))).toEqual([
    'deployments.edms.health.checks[0].sql.database: names audti, which is not a database of this deployment; did you mean audit?',
  ]);
  expect(await problemsIn(withHealth('', ''))).toEqual([
    'deployments.edms.health.checks[0].sql: asks a database, and this deployment has none',
  ]);
});

test('the short form is called main', async () => {
  const file = await writeConfig(withHealth(ONE, ', database: main'));
  expect((await loadConfig({ file })).deployments.edms?.health.checks).toEqual([
    { kind: 'sql', query: 'select true', database: 'main' },
  ]);
});
