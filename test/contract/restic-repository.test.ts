import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRepository } from '../../src/repositories/open-repository.js';
import { resticSnapshots } from '../../src/tools/restic-output.js';
import { makeResticTemplate, TEMPLATE_PASSWORD } from '../support/restic-template.js';
import { repositorySuite } from './repository-suite.js';

const PASSWORD = TEMPLATE_PASSWORD;

const restic = (repository: string, ...args: string[]): string =>
  execFileSync('restic', ['--no-cache', '--repo', repository, ...args], {
    env: { ...process.env, RESTIC_PASSWORD: PASSWORD },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });

/** Of programs that live: what a dead one left is in nobody's way, since whoever minds it removes it. */
const locksIn = async (repository: string): Promise<string[]> => {
  const locks = () => readdir(join(repository, 'locks'));
  if ((await locks()).length > 0) restic(repository, 'unlock');
  return (await locks()).map((name) => `locks/${name}`);
};

const keysOf = (tags: readonly string[]): string[] =>
  tags.filter((tag) => tag.startsWith('key=')).map((tag) => tag.slice('key='.length));

/** Objects by their keys, parts that no object consists of, and locks. */
const everythingIn = async (repository: string): Promise<string[]> => {
  if ((await readdir(repository).catch(() => [])).length === 0) return [];
  const snapshots = resticSnapshots(restic(repository, 'snapshots', '--json', '--no-lock'));
  const tagOf = (tags: string[], name: string): string =>
    tags.find((tag) => tag.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
  const used = snapshots
    .flatMap(({ tags }) => tagOf(tags, 'parts').split('.'))
    .map((part) => part.split('-')[0]);
  const objects = snapshots.filter(({ tags }) => tags.includes('object'));
  const unused = snapshots.filter(
    ({ id, tags }) =>
      !tags.includes('object') && !used.some((one) => one !== '' && id.startsWith(one ?? '?')),
  );
  return [
    ...objects.flatMap(({ tags }) => keysOf(tags)),
    ...unused.map(({ id }) => `snapshots/${id}`),
    ...(await locksIn(repository)),
  ].sort();
};

repositorySuite('restic', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-repository-'));
  const password = join(folder, 'password');
  await writeFile(password, `${PASSWORD}\n`, { mode: 0o600 });
  const repository = join(folder, 'backups');
  await makeResticTemplate(repository);
  const settings = {
    kind: 'restic' as const,
    name: 'vault',
    repository,
    password: `file:${password}`,
    environment: {},
  };
  return {
    settings,
    repository: openRepository(settings),
    everything: () => everythingIn(repository),
    storesAsGiven: true as const,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
});
