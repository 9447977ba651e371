// Which paths lie on a disk of another machine.
import { expect, it } from 'vitest';
import { mayHangIn } from '../../../src/files/network-mount.js';

const MOUNTS = `22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw
40 22 0:35 / /srv/backups rw,relatime shared:1 - nfs4 nas:/backups rw,vers=4.2
41 40 8:17 / /srv/backups/usb rw - ext4 /dev/sdb1 rw
42 22 0:36 / /srv/two\\040words rw - fuse.sshfs host:/ rw
`;

it('those below a network mount, as far as no other disk is mounted there', () => {
  const paths = [
    '/srv/backups',
    '/srv/backups/edms',
    '/srv/backups/usb/edms',
    '/srv/backups-too',
    '/srv',
    '/',
  ];
  expect(paths.filter((path) => mayHangIn(MOUNTS, path))).toEqual(['/srv/backups', '/srv/backups/edms']);
});

it('also with a blank in its name', () => {
  expect(mayHangIn(MOUNTS, '/srv/two words/edms')).toBe(true);
});

it('of two at one point, the one on top counts', () => {
  expect(mayHangIn(`${MOUNTS}43 40 8:33 / /srv/backups rw - xfs /dev/sdc1 rw\n`, '/srv/backups/edms')).toBe(
    false,
  );
});
