// Which paths lie on a disk of another machine.
import { mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { mayHangIn } from '../../../src/files/network-mount.js';

const MOUNTS = `22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw
40 22 0:35 / /srv/backups rw,relatime shared:1 - nfs4 nas:/backups rw,vers=4.2
41 40 8:17 / /srv/backups/usb rw - ext4 /dev/sdb1 rw
42 22 0:36 / /srv/two\\040words rw - fuse.sshfs host:/ rw
`;

const among = async (mountinfo: string, paths: readonly string[]): Promise<string[]> => {
  const remote = await Promise.all(paths.map((path) => mayHangIn(mountinfo, path)));
  return paths.filter((_, index) => remote[index]);
};

it('those below a network mount, as far as no other disk is mounted there', async () => {
  const paths = [
    '/srv/backups',
    '/srv/backups/edms',
    '/srv/backups/usb/edms',
    '/srv/backups-too',
    '/srv',
    '/',
  ];
  expect(await among(MOUNTS, paths)).toEqual(['/srv/backups', '/srv/backups/edms']);
});

it('also with a blank in its name', async () => {
  expect(await mayHangIn(MOUNTS, '/srv/two words/edms')).toBe(true);
});

it('of two at one point, the one on top counts', async () => {
  const onTop = `${MOUNTS}43 40 8:33 / /srv/backups rw - xfs /dev/sdc1 rw\n`;
  expect(await mayHangIn(onTop, '/srv/backups/edms')).toBe(false);
});

it('those that a link leads there, be it one of the folders above or a link to a link', async () => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'holdfast-mounts-')));
  onTestFinished(() => rm(folder, { recursive: true }));
  const links = {
    disk: '/srv/backups',
    again: 'disk',
    up: '../'.repeat(20).concat('srv/backups/edms'),
    here: '.',
    round: 'round',
  };
  for (const [name, target] of Object.entries(links)) await symlink(target, join(folder, name));
  const paths = ['disk', 'disk/edms', 'again/edms', 'up', 'disk/usb', 'here', 'here/nothing', 'round/edms'];
  const leading = await among(
    MOUNTS,
    paths.map((path) => join(folder, path)),
  );
  expect(leading.map((path) => relative(folder, path))).toEqual(['disk', 'disk/edms', 'again/edms', 'up']);
});

it('`..` behind a link leads up from where the link led', async () => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'holdfast-mounts-')));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, 'mounted', 'inside'), { recursive: true });
  const links = { deep: 'mounted/inside', sibling: 'deep/../other', beside: 'deep/../../other' };
  for (const [name, target] of Object.entries(links)) await symlink(target, join(folder, name));
  const mounts = `${MOUNTS}44 22 0:37 / ${join(folder, 'mounted', 'other')} rw - nfs4 nas:/other rw\n`;
  const paths = ['sibling', 'beside', 'deep/../other'].map((path) => `${folder}/${path}`);
  expect(await among(mounts, paths)).toEqual([paths[0], paths[2]]);
});
