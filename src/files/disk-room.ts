// Would a disk still have room to breathe? What several things need on the same one adds up.
import { statfs } from 'node:fs/promises';
import { Failure } from '../domain/failure.js';
import { existingAncestor } from './existing-ancestor.js';
import { statusOf } from './status.js';

export interface Need {
  /** For people: `files storage`. */
  what: string;
  /** Where it is written, or will be. */
  path: string;
  bytes: number;
}

export interface Disk {
  /** Tells two paths on one disk from two on two. */
  id: string;
  /** Used and free. */
  bytes: number;
  /** What this user may still write. */
  free: number;
}

/** So much of a disk stays free. */
const KEPT_FREE = 0.2;

/** @throws DISK_FULL with the first disk that would become too full, and what needs how much there */
export const requireRoom = async (
  needs: readonly Need[],
  diskOf: (path: string) => Promise<Disk> = readDisk,
): Promise<void> => {
  const disks = new Map<string, { disk: Disk; needs: Need[] }>();
  for (const need of needs.filter(({ bytes }) => bytes > 0)) {
    const disk = await diskOf(need.path);
    disks.set(disk.id, { disk, needs: [...(disks.get(disk.id)?.needs ?? []), need] });
  }
  for (const { disk, needs: here } of disks.values()) {
    const needed = here.reduce((sum, { bytes }) => sum + bytes, 0);
    if (disk.free - needed >= KEPT_FREE * disk.bytes) continue;
    throw new Failure('DISK_FULL', inWords(disk, here, needed), {
      hint: 'free some space there; or set state in holdfast.yaml to a folder on a larger disk, or drill on another server (drill.server)',
    });
  }
};

/** As df reckons: what is kept back for root counts neither as used nor as free. */
const readDisk = async (path: string): Promise<Disk> => {
  const at = await existingAncestor(path);
  const { bavail, bfree, blocks, bsize } = await statfs(at, { bigint: true });
  return {
    id: String((await statusOf(at))?.dev ?? at),
    bytes: Number((blocks - bfree + bavail) * bsize),
    free: Number(bavail * bsize),
  };
};

const inWords = (disk: Disk, needs: readonly Need[], needed: number): string => {
  const paths = [...new Set(needs.map(({ path }) => path))].join(', ');
  const list = needs.map(({ what, bytes }) => `${what} ${megabytes(bytes)}`).join(', ');
  const left = Math.floor((100 * (disk.free - needed)) / disk.bytes);
  const after = left < 0 ? 'which is more than is free' : `which would leave ${left} % of it free`;
  return `too little room for a drill on the disk of ${paths}: it takes ${megabytes(needed)} (${list}), ${after}; ${100 * KEPT_FREE} % have to stay free`;
};

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
