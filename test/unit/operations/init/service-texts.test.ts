import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { composeServiceText } from '../../../../src/operations/init/compose-service-text.js';
import type { Draft } from '../../../../src/operations/init/draft.js';
import { systemdUnitText } from '../../../../src/operations/init/systemd-unit-text.js';

const packaged = (name: string) =>
  readFile(new URL(`../../../../packaging/${name}`, import.meta.url), 'utf8');

it('the systemd unit is the packaged one, with the file and the environment of this configuration', async () => {
  const text = await packaged('holdfast.service');
  const settings = { config: '/srv/my app/100%/holdfast.yaml', environmentFile: '/srv/my app/.env' };
  const unit = systemdUnitText(text, settings);
  expect(unit).toContain(
    '\nExecStart=/usr/bin/env holdfast up --config "/srv/my app/100%%/holdfast.yaml"\nEnvironmentFile=/srv/my app/.env\n',
  );
  const without = unit.split('\n').filter((line) => !/^(ExecStart|EnvironmentFile)=/.test(line));
  expect(without).toEqual(text.split('\n').filter((line) => !line.startsWith('ExecStart=')));
  const usual = { config: '/etc/holdfast/holdfast.yaml', environmentFile: null };
  expect(systemdUnitText(text, usual)).toBe(text);
});

const draft: Draft = {
  ...{ file: '/srv/shop/holdfast.yaml', deployment: 'shop', state: null, repository: '/mnt/backups' },
  database: null,
  folders: [
    { name: 'media', path: '/srv/shop/media' },
    { name: 'files', path: '/data/shop/files' },
    { name: 'uploads', volume: 'shop_uploads' },
  ],
  ...{ services: null, tiers: [], encryption: null, notify: null },
};

it('the Compose service mounts what the configuration names, under the same paths, and nothing of the example', async () => {
  const text = composeServiceText(await packaged('compose.yaml'), {
    draft,
    environmentFile: '/srv/shop/.env',
  });
  const { agent } = parse(text).services;
  expect(agent.volumes).toEqual([
    '/etc/holdfast:/etc/holdfast:ro',
    '/var/lib/holdfast:/var/lib/holdfast',
    '/var/run/docker.sock:/var/run/docker.sock',
    '/var/lib/docker/volumes:/var/lib/docker/volumes',
    '/srv/shop:/srv/shop',
    '/mnt/backups:/mnt/backups',
    '/data/shop:/data/shop',
  ]);
  expect(agent).toMatchObject({
    environment: { HOLDFAST_CONFIG: '/srv/shop/holdfast.yaml' },
    env_file: ['/srv/shop/.env'],
    network_mode: 'host',
  });
  expect(text).not.toContain('CHANGE:');
});

it.each<[string, Draft['database'], string[]]>([
  [
    'a socket',
    { kind: 'parts', host: '/var/run/postgresql', port: 5432, name: 'shop', user: 'shop', password: 'none' },
    ['/var/run/postgresql:/var/run/postgresql'],
  ],
  [
    'a password’s file',
    { kind: 'compose', project: 'p', service: 'db', name: 'p', user: 'p', password: 'file:/srv/secrets/pw' },
    ['/srv/secrets:/srv/secrets'],
  ],
  ['a file beside holdfast.yaml', { kind: 'url', url: 'file:/srv/shop/keys/url', remarks: [] }, []],
  ['a variable', { kind: 'url', url: 'env:DATABASE_URL', remarks: [] }, []],
])('the Compose service mounts what the database needs: %s', async (_what, database, mounts) => {
  const text = composeServiceText(await packaged('compose.yaml'), {
    draft: { ...draft, database, folders: [] },
    environmentFile: null,
  });
  const ours = parse(text).services.agent.volumes.slice(4);
  expect(ours).toEqual(['/srv/shop:/srv/shop', '/mnt/backups:/mnt/backups', ...mounts]);
});

it('a dollar in a path begins no variable of the Compose service', async () => {
  const odd = { ...draft, file: '/srv/a$b/holdfast.yaml', folders: [] };
  const settings = { draft: odd, environmentFile: '/srv/a$b/.env' };
  const { agent } = parse(composeServiceText(await packaged('compose.yaml'), settings)).services;
  expect(agent.volumes).toContain('/srv/a$$b:/srv/a$$b');
  expect(agent).toMatchObject({
    environment: { HOLDFAST_CONFIG: '/srv/a$$b/holdfast.yaml' },
    env_file: ['/srv/a$$b/.env'],
  });
});

it('a folder with a colon in its name is mounted whole', async () => {
  const odd = { ...draft, repository: '/mnt/usb:1/backups', folders: [] };
  const text = composeServiceText(await packaged('compose.yaml'), { draft: odd, environmentFile: null });
  expect(parse(text).services.agent.volumes).toContainEqual({
    ...{ type: 'bind', source: '/mnt/usb:1/backups', target: '/mnt/usb:1/backups' },
  });
});

it.each<[string, Partial<Draft>, string[]]>([
  ['holdfast.yaml alone', { repository: '/srv/b' }, ['/etc/holdfast:/etc/holdfast:ro', '/srv/b:/srv/b']],
  [
    'backups beside it',
    { repository: '/etc/holdfast/backups' },
    ['/etc/holdfast:/etc/holdfast:ro', '/etc/holdfast/backups:/etc/holdfast/backups'],
  ],
  [
    'a tree beside it',
    { repository: '/etc/holdfast/backups', folders: [{ name: 'media', path: '/etc/holdfast/media' }] },
    ['/etc/holdfast:/etc/holdfast'],
  ],
])('what is written below /etc/holdfast can be written: %s', async (_what, changed, mounts) => {
  const text = composeServiceText(await packaged('compose.yaml'), {
    draft: { ...draft, file: '/etc/holdfast/holdfast.yaml', folders: [], ...changed },
    environmentFile: null,
  });
  const own = ['/var/lib/holdfast', '/var/run/docker.sock', '/var/lib/docker/volumes'];
  const volumes: string[] = parse(text).services.agent.volumes;
  expect(volumes.filter((mount) => !own.some((path) => mount.startsWith(path)))).toEqual(mounts);
});
