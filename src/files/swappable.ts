// Can this folder be replaced at all? Asked when a restore is planned, and again before the first rename.
import { realpath } from 'node:fs/promises';
import { Failure } from '../domain/failure.js';
import { mountsInside } from './mounts.js';
import { printable } from './path-bytes.js';
import { statusOf } from './status.js';

/** Nothing there is fine: it is simply created. A link, a file, and a tree with another filesystem inside are refused. */
export const requireSwappable = async (live: string): Promise<void> => {
  const stats = await statusOf(live);
  if (stats === null) return;
  if (stats.isSymbolicLink()) {
    const target = await realpath(live).catch(() => 'the folder it points to');
    throw refused(`${live} is a link`, `write ${target} in holdfast.yaml instead`);
  }
  if (!stats.isDirectory()) throw refused(`${live} is not a folder`, 'check the path in holdfast.yaml');
  const [mount] = await mountsInside(live);
  if (mount !== undefined) {
    const name = printable(mount);
    throw refused(
      `another filesystem is mounted inside ${live}, at ${name}`,
      `make ${name} a tree of its own in holdfast.yaml`,
    );
  }
};

const refused = (why: string, hint: string): Failure => new Failure('TREE_NOT_SWAPPABLE', why, { hint });
