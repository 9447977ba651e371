import { expect, test } from 'vitest';
import { deploymentOf, loadConfig } from '../../../src/config/load.js';
import { problemsIn, writeConfig } from './holdfast-yaml.js';

const file = (edms: object): string =>
  JSON.stringify({
    state: '/var/lib/holdfast',
    repositories: { local: { local: '/srv/backups' } },
    deployments: { edms },
  });

const load = async (edms: object) =>
  deploymentOf(await loadConfig({ file: await writeConfig(file(edms)) }), 'edms');

const compose = { compose: { project: 'edms', service: 'db' } };

test('a database in a container needs no host, and a URL’s does not count', async () => {
  const { databases } = await load({
    databases: {
      main: { container: compose, name: 'edms', user: 'app' },
      audit: { container: compose, url: 'postgres://app@anything/audit' },
    },
  });
  expect(databases).toMatchObject([
    { kind: 'parts', host: '', port: 5432, container: { kind: 'compose', project: 'edms', service: 'db' } },
    { kind: 'url', container: { kind: 'compose', project: 'edms', service: 'db' } },
  ]);
});

test('a volume is a tree, and no path until it was looked up', async () => {
  const { trees } = await load({ files: { media: { volume: 'edms_media' } } });
  expect(trees).toEqual([{ name: 'media', path: 'volume:edms_media', volume: 'edms_media' }]);
});

test('another container is another server', async () => {
  const databases = {
    main: { container: 'one', name: 'a', user: 'u' },
    other: { container: 'two', name: 'b', user: 'u' },
  };
  expect(await problemsIn(file({ databases }))).toEqual([
    'deployments.edms.databases.other: is on container two:5432 but main is on container one:5432; the databases of a deployment are swapped in one transaction, so they must be on one server',
  ]);
});

test('what a container does not know is still needed', async () => {
  expect(await problemsIn(file({ database: { container: 'db', port: 5433 } }))).toEqual([
    'deployments.edms.database.name: is missing',
    'deployments.edms.database.user: is missing',
  ]);
  expect(await problemsIn(file({ database: { container: 'db' } }))).toEqual([
    'deployments.edms.database: needs url, or name and user',
  ]);
});
