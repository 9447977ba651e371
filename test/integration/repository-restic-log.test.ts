// The log in a repository where each object costs a call of restic: what has waited is delivered in one.
import { execFileSync } from 'node:child_process';
import { chmod, cp, readdir, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { entriesIn } from '../../src/catalog/log-repository.js';
import { loadConfig } from '../../src/config/load.js';
import { runEffect } from '../../src/domain/effect.js';
import { copyLog } from '../../src/operations/copies/copy-log.js';
import { noteEvent } from '../../src/operations/log/log.js';
import { createLogPusher } from '../../src/operations/log/log-push.js';
import { openRepository } from '../../src/repositories/open-repository.js';
import { event } from '../support/log-by-hand.js';
import { makeResticTemplate, TEMPLATE_PASSWORD } from '../support/restic-template.js';
import { places } from '../support/stored-backup.js';

const world = async () => {
  const { folder, state } = await places();
  const [vault, password] = [join(folder, 'vault'), join(folder, 'password')];
  const file = join(folder, 'holdfast.yaml');
  await writeFile(password, `${TEMPLATE_PASSWORD}\n`, { mode: 0o600 });
  await makeResticTemplate(vault);
  const settings = {
    ...{ kind: 'restic' as const, name: 'vault', repository: vault },
    ...{ password: `file:${password}`, environment: {} },
  };
  const repositories = { vault: { restic: vault, password: settings.password } };
  const deployments = { edms: { files: { storage: join(folder, 'storage') } } };
  await writeFile(file, JSON.stringify({ state, repositories, deployments }), { mode: 0o600 });
  const instance = '0123456789abcdef';
  const pushLog = createLogPusher({ state, instance, loadConfig: () => loadConfig({ file }) });
  const push = () => pushLog('edms', runEffect);
  const repository = openRepository(settings);
  return {
    push,
    repository,
    packs: async () => {
      const found = await readdir(join(vault, 'data'), { withFileTypes: true, recursive: true });
      return found
        .filter((one) => one.isFile())
        .map((one) => relative(join(vault, 'data'), join(one.parentPath, one.name)));
    },
    /** As another process sees it, which remembers nothing. */
    elsewhere: async () => {
      await cp(vault, `${vault}.elsewhere`, { recursive: true });
      return { ...settings, repository: `${vault}.elsewhere` };
    },
    noted: async (ids: readonly string[]) => {
      for (const id of ids) await noteEvent({ state, instance, effect: runEffect }, event(id));
      await push().catch(() => undefined);
    },
    /** Whatever is asked of it meanwhile fails. */
    away: async <T>(act: () => Promise<T>): Promise<T> => {
      await rename(vault, `${vault}.away`);
      await writeFile(vault, 'not a folder');
      const given = await act();
      await rm(vault);
      await rename(`${vault}.away`, vault);
      return given;
    },
    waiting: async () => (await readdir(join(state, 'log', 'edms', 'outbox')).catch(() => [])).sort(),
    there: async () => (await repository.list('edms/log')).map(({ key }) => key.slice('edms/log/'.length)),
    snapshots: () =>
      JSON.parse(
        execFileSync(
          'restic',
          ['--no-cache', '--repo', vault, '--password-file', password, 'snapshots', '--json'],
          { encoding: 'utf8' },
        ),
      ).length,
  };
};

it('what has waited for a repository is one snapshot, and an entry that it refuses keeps none of the others', async () => {
  const { noted, push, away, waiting, there, snapshots, repository } = await world();
  await noted(['1']);
  expect(await waiting()).toEqual([]);
  const before = snapshots();

  await away(() => noted(['2', '3', '4']));
  const first = await waiting();
  expect(first).toHaveLength(3);
  await push();
  expect(await waiting()).toEqual([]);
  expect(await there()).toEqual(expect.arrayContaining(first));
  expect(snapshots()).toBe(before + 1);

  await away(() => noted(['5', '6', '7']));
  const [one = '', refused = '', other = ''] = await waiting();
  await repository.put(`edms/log/${refused}`, Buffer.from('somebody else’s'), runEffect);
  await push();
  expect(await waiting()).toEqual([refused]);
  expect(await there()).toEqual(expect.arrayContaining([one, other]));
});

it('an entry whose bytes are damaged is one that cannot be read, and the others can, and are copied', async () => {
  const { noted, there, elsewhere, packs } = await world();
  // Between two that are damaged, whichever way they are read.
  await noted(['1']);
  const [before, ofFirst] = [await there(), await packs()];
  await noted(['2', '3']);
  const [between, ofOthers] = [await there(), await packs()];
  const others = between.filter((name) => !before.includes(name)).sort();
  await noted(['4']);
  const repository = await elsewhere();
  for (const pack of (await packs()).filter((one) => ofFirst.includes(one) || !ofOthers.includes(one))) {
    await chmod(join(repository.repository, 'data', pack), 0o600);
    await truncate(join(repository.repository, 'data', pack), 0);
  }
  const { state } = await places();
  const entries = await entriesIn({ state, repository, deployment: 'edms', fresh: true });
  const readable = entries.flatMap(({ name, stored }) => (stored === null ? [] : [name]));
  expect(readable.sort()).toEqual(others);
  expect(entries).toHaveLength((await there()).length);
  const local = { kind: 'local' as const, name: 'local', path: join(state, '..', 'local') };
  await copyLog('edms', { from: [repository], to: local }, runEffect);
  const copied = (await openRepository(local).list('edms/log')).map(({ key }) => key);
  expect(copied.sort()).toEqual(others.map((name) => `edms/log/${name}`));
});
