import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { type Disk, requireRoom } from '../../../src/files/disk-room.js';

const GB = 1e9;

const disks =
  (...known: [string, Disk][]) =>
  async (path: string): Promise<Disk> => {
    const found = known.find(([start]) => path.startsWith(start))?.[1];
    if (found === undefined) throw new Error(`no disk at ${path}`);
    return found;
  };

const one = (free: number): Disk => ({ id: 'one', bytes: 100 * GB, free: free * GB });
const other: Disk = { id: 'other', bytes: 100 * GB, free: 90 * GB };

const tree = { what: 'files storage', path: '/srv/state/drill', bytes: 10 * GB };
const database = { what: 'database main', path: '/srv/postgresql', bytes: 5 * GB };

it('what several things need on one disk adds up', async () => {
  await requireRoom([tree, database], disks(['/srv', one(35)]));
  await expect(requireRoom([tree, database], disks(['/srv', one(34.9)]))).rejects.toMatchObject({
    code: 'DISK_FULL',
    message:
      'too little room for a drill on the disk of /srv/state/drill, /srv/postgresql: it takes 15000.0 MB (files storage 10000.0 MB, database main 5000.0 MB), which would leave 19 % of it free; 20 % have to stay free',
  });
});

it('and on another disk does not count', async () => {
  await requireRoom([tree, database], disks(['/srv/state', one(30)], ['/srv/postgresql', other]));
  await expect(
    requireRoom([tree, database], disks(['/srv/state', one(3)], ['/srv/postgresql', other])),
  ).rejects.toMatchObject({ message: expect.stringContaining('which is more than is free') });
});

it('a disk that is full already does not matter where nothing is written', async () => {
  await requireRoom([{ ...tree, bytes: 0 }], disks(['/srv', one(0)]));
});

it('the real disk of a path that is not there yet can be read', async () => {
  await expect(
    requireRoom([{ what: 'everything', path: '/tmp/not/there/yet', bytes: 1e18 }]),
  ).rejects.toMatchObject({ code: 'DISK_FULL' });
});

it('a disk is as large as df says, without what is kept back for root', async () => {
  const [, used = 0, available = 0] = (
    /(\d+) +(\d+) +(\d+) +\d+%/.exec(execFileSync('df', ['-kP', '/tmp'], { encoding: 'utf8' })) ?? []
  )
    .slice(1)
    .map((blocks) => Number(blocks) * 1024);
  const bytes = available - 0.155 * (used + available);
  await expect(requireRoom([{ what: 'a lot', path: '/tmp', bytes }])).rejects.toMatchObject({
    message: expect.stringContaining('which would leave 15 % of it free'),
  });
});
