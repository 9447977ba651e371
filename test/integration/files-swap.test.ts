// The directory swap, stopped before and after every effect: afterwards it can always be finished, and always be undone.
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runEffect } from '../../src/domain/effect.js';
import { identityOf } from '../../src/files/identity.js';
import { absoluteBytes } from '../../src/files/path-bytes.js';
import {
  describeTreeSwap,
  swapTree,
  swapTreeBack,
  type TreeSwap,
  treeSwapState,
} from '../../src/files/tree-swap.js';
import { walk } from '../../src/files/walk.js';
import { bindMount, isRoot } from '../support/mounts.js';
import { isStop, notingEffect, stoppingEffect } from '../support/stopping-effect.js';

const OPERATION = '0123456789';
/** Names that both have, that one has, and one that is not UTF-8. */
const OLD = ['both', 'old\xff', 'folder', 'zero'];
const NEW = ['both', 'folder', 'new\n'];

let base: string;
let unmount: () => Promise<void>;

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'holdfast-swap-'));
  ({ unmount } = await bindMount(join(base, 'volume')));
  mkdirSync(join(base, 'plain'));
});
afterAll(async () => {
  await unmount();
  await rm(base, { recursive: true, force: true });
});

/** What is in a folder: names, contents, modes and owners, with the folder's own; null: no folder. */
const contentsOf = async (folder: string): Promise<Record<string, string> | null> => {
  if (!existsSync(folder)) return null;
  const lines = (await walk(folder)).map(async ({ path, kind, mode, uid }) => {
    const text = kind === 'file' ? await readFile(absoluteBytes(folder, path), 'utf8') : kind;
    return [path, `${text} ${mode.toString(8)} ${uid}`];
  });
  return Object.fromEntries(await Promise.all(lines));
};

interface Look {
  names: readonly string[];
  text: string;
  mode: number;
  owner: number;
}

const fill = (folder: string, { names, text, mode, owner }: Look): void => {
  mkdirSync(folder, { recursive: true });
  for (const name of names) {
    if (name !== 'folder') writeFileSync(absoluteBytes(folder, name), text);
    else {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'inside'), text);
    }
  }
  chmodSync(folder, mode);
  if (isRoot) chownSync(folder, owner, owner);
};

interface World {
  swap: TreeSwap;
  old: Record<string, string> | null;
  new: Record<string, string> | null;
}

/** A fresh live tree and a staged one beside or inside it. */
const makeWorld = async (way: TreeSwap['way'], names = { old: OLD, new: NEW }): Promise<World> => {
  const live = way === 'children' ? join(base, 'volume') : join(base, 'plain', 'live');
  for (const place of [join(base, 'volume'), join(base, 'plain')]) {
    for (const name of readdirSync(place, 'buffer')) {
      rmSync(Buffer.concat([Buffer.from(`${place}/`), name]), { recursive: true });
    }
  }
  const inside = way === 'children' ? live : join(base, 'plain');
  const given = {
    tree: 'storage',
    live,
    incoming: join(inside, `.holdfast-${OPERATION}-storage-new`),
    outgoing: join(inside, `.holdfast-${OPERATION}-storage-previous`),
  };
  fill(live, { names: names.old, text: 'old', mode: 0o750, owner: 11 });
  fill(given.incoming, { names: names.new, text: 'new', mode: 0o1711, owner: 22 });
  const swap = await describeTreeSwap(given);
  expect(swap.way).toBe(way);
  return { swap, old: await contentsOf(live), new: await contentsOf(given.incoming) };
};

const expectNew = async (world: World): Promise<void> => {
  expect(await contentsOf(world.swap.live)).toEqual(world.new);
  expect(await contentsOf(world.swap.outgoing)).toEqual(world.old);
  expect(await contentsOf(world.swap.incoming)).toBeNull();
  expect(await treeSwapState(world.swap)).toBe('new');
};

const expectOld = async (world: World): Promise<void> => {
  expect(await contentsOf(world.swap.live)).toEqual(world.old);
  expect(await contentsOf(world.swap.incoming)).toEqual(world.new);
  expect(await contentsOf(world.swap.outgoing)).toBeNull();
  expect(await treeSwapState(world.swap)).toBe('old');
};

const DIRECTIONS = { forward: swapTree, back: swapTreeBack };
const ENDS = { forward: expectNew, back: expectOld };
type Direction = keyof typeof DIRECTIONS;

const goAndStop = async (world: World, direction: Direction, at: number, when: 'before' | 'after') => {
  try {
    await DIRECTIONS[direction](world.swap, stoppingEffect(at, when));
  } catch (error) {
    if (!isStop(error)) throw error;
  }
};

const goThrough = async (world: World, direction: Direction): Promise<void> => {
  await DIRECTIONS[direction](world.swap, runEffect);
  await ENDS[direction](world);
  const repeated: string[] = [];
  await DIRECTIONS[direction](world.swap, notingEffect(repeated));
  expect(repeated).toEqual([]);
  await ENDS[direction](world);
};

const effectsOf = async (way: TreeSwap['way'], direction: Direction): Promise<string[]> => {
  const world = await makeWorld(way);
  if (direction === 'back') await swapTree(world.swap, runEffect);
  const names: string[] = [];
  await DIRECTIONS[direction](world.swap, notingEffect(names));
  return names;
};

describe.each(['rename', 'children'] as const)('a swap by %s', (way) => {
  it('puts the new in place, keeps the old, and comes back', async () => {
    const world = await makeWorld(way);
    await expectOld(world);
    await goThrough(world, 'forward');
    await goThrough(world, 'back');
    await goThrough(world, 'forward');
  });

  it.each(['forward', 'back'] as const)(
    'going %s and stopped at any effect, can be finished and can be undone',
    async (direction) => {
      const effects = await effectsOf(way, direction);
      expect(effects.length).toBeGreaterThanOrEqual(way === 'rename' ? 2 : 9);
      for (const at of effects.keys()) {
        for (const when of ['before', 'after'] as const) {
          for (const then of ['forward', 'back'] as const) {
            const world = await makeWorld(way);
            if (direction === 'back') await swapTree(world.swap, runEffect);
            await goAndStop(world, direction, at, when);
            await goThrough(world, then);
          }
        }
      }
    },
  );

  it('stopped again and again, in whatever direction, whatever is in the two trees, loses nothing', async () => {
    const stop = fc.record({
      direction: fc.constantFrom<Direction>('forward', 'back'),
      at: fc.nat(10),
      when: fc.constantFrom('before' as const, 'after' as const),
    });
    const end = fc.constantFrom<Direction>('forward', 'back');
    const stops = fc.array(stop, { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(
        fc.subarray(OLD),
        fc.subarray(NEW),
        stops,
        end,
        async (before, after, attempts, last) => {
          const world = await makeWorld(way, { old: before, new: after });
          for (const { direction, at, when } of attempts) await goAndStop(world, direction, at, when);
          await goThrough(world, last);
        },
      ),
      { numRuns: 80 },
    );
  });
});

describe('a swap inside a mount point', () => {
  it('takes what an application made meanwhile for a part of the old side', async () => {
    const world = await makeWorld('children');
    await goAndStop(world, 'forward', 5, 'before');
    writeFileSync(join(world.swap.live, 'made'), 'meanwhile');
    writeFileSync(join(world.swap.live, 'zero'), 'meanwhile');
    await swapTree(world.swap, runEffect);
    expect(await contentsOf(world.swap.live)).toEqual(world.new);
    expect(await contentsOf(world.swap.outgoing)).toMatchObject({
      ...world.old,
      made: expect.stringContaining('meanwhile'),
      'zero.1': expect.stringContaining('meanwhile'),
    });
  });

  it('on the way back keeps what an application made: in the live tree, or with the staged data where a name is taken', async () => {
    const world = await makeWorld('children');
    await swapTree(world.swap, runEffect);
    writeFileSync(join(world.swap.live, 'made'), 'meanwhile');
    writeFileSync(join(world.swap.live, 'zero'), 'meanwhile');
    await swapTreeBack(world.swap, runEffect);
    const made = { made: expect.stringContaining('meanwhile') };
    expect(await contentsOf(world.swap.live)).toEqual({ ...world.old, ...made });
    const zero = { zero: expect.stringContaining('meanwhile') };
    expect(await contentsOf(world.swap.incoming)).toEqual({ ...world.new, ...zero });
    expect(await treeSwapState(world.swap)).toBe('old');
  });

  it.each(['forward', 'back'] as const)(
    'killed while it made a side folder, before that had mode and owner, can go %s',
    async (then) => {
      for (const begun of ['forward', 'back'] as const) {
        const world = await makeWorld('children');
        if (begun === 'back') await swapTree(world.swap, runEffect);
        mkdirSync(begun === 'forward' ? world.swap.outgoing : world.swap.incoming, { mode: 0 });
        await goThrough(world, then);
      }
    },
  );

  it('stays new when the application then changes what it was given', async () => {
    const world = await makeWorld('children');
    await swapTree(world.swap, runEffect);
    for (const name of NEW) rmSync(absoluteBytes(world.swap.live, name), { recursive: true });
    writeFileSync(join(world.swap.live, 'made'), 'later');
    expect(await treeSwapState(world.swap)).toBe('new');
    await swapTree(world.swap, runEffect);
    expect(existsSync(join(world.swap.live, 'made'))).toBe(true);
  });

  it('touches nothing when something else is mounted there by now', async () => {
    const world = await makeWorld('children');
    const other = { ...world.swap, liveIdentity: { device: '1', inode: '2', birth: '3' } };
    expect(await treeSwapState(other)).toBe('between');
    const refusal = { code: 'TREE_NOT_SWAPPABLE', hint: expect.stringContaining('mount') };
    await expect(swapTree(other, runEffect)).rejects.toMatchObject(refusal);
    await expect(swapTreeBack(other, runEffect)).rejects.toMatchObject(refusal);
    await expectOld(world);
  });

  it('cannot come back when the previous data was removed, and says so', async () => {
    const world = await makeWorld('children');
    await swapTree(world.swap, runEffect);
    rmSync(world.swap.outgoing, { recursive: true });
    expect(await treeSwapState(world.swap)).toBe('new');
    await expect(swapTreeBack(world.swap, runEffect)).rejects.toMatchObject({ code: 'TREE_NOT_SWAPPABLE' });
    expect(await contentsOf(world.swap.live)).toEqual(world.new);
  });
});

describe('a swap in a folder that a container holds', () => {
  it('brings in what an earlier restore had put beside the folder, and leaves the folder itself', async () => {
    const { swap } = await makeWorld('rename');
    const outgoing = join(swap.live, `.holdfast-${OPERATION}-storage-previous`);
    const held = await describeTreeSwap({ ...swap, outgoing });
    const world = { swap: held, old: await contentsOf(held.live), new: await contentsOf(held.incoming) };
    expect(held.way).toBe('children');
    await swapTree(held, runEffect);
    await expectNew(world);
    await swapTreeBack(held, runEffect);
    await expectOld(world);
    expect(await identityOf(held.live)).toEqual(held.liveIdentity);
  });
});

describe('a swap of folders', () => {
  it('creates a tree that is gone, with the folders above it, and on the way back it is gone again', async () => {
    const { swap: given, new: staged } = await makeWorld('rename');
    const live = join(base, 'plain', 'gone', 'deep', 'live');
    const swap = await describeTreeSwap({ ...given, live });
    expect(swap.liveIdentity).toBeNull();
    expect(await treeSwapState(swap)).toBe('old');
    await swapTree(swap, runEffect);
    expect(await contentsOf(live)).toEqual(staged);
    expect(await treeSwapState(swap)).toBe('new');
    await swapTreeBack(swap, runEffect);
    expect(existsSync(live)).toBe(false);
    expect(await contentsOf(swap.incoming)).toEqual(staged);
    expect(await treeSwapState(swap)).toBe('old');
  });

  it.each(['forward', 'back'] as const)(
    'going %s replaces an empty folder that was made at its place meanwhile',
    async (then) => {
      const world = await makeWorld('rename');
      await goAndStop(world, 'forward', 0, 'after');
      mkdirSync(world.swap.live);
      expect(await treeSwapState(world.swap)).toBe('between');
      await goThrough(world, then);
    },
  );

  it.each(['forward', 'back'] as const)('going %s never replaces one that holds something', async (then) => {
    const world = await makeWorld('rename');
    await goAndStop(world, 'forward', 0, 'after');
    mkdirSync(world.swap.live);
    writeFileSync(join(world.swap.live, 'made'), 'meanwhile');
    await expect(DIRECTIONS[then](world.swap, runEffect)).rejects.toMatchObject({
      code: 'TREE_NOT_SWAPPABLE',
      message: expect.stringContaining('something else is in its place'),
    });
    expect(await readFile(join(world.swap.live, 'made'), 'utf8')).toBe('meanwhile');
    rmSync(world.swap.live, { recursive: true });
    await goThrough(world, then);
  });

  it('refuses a live folder that is not the one it was', async () => {
    const world = await makeWorld('rename');
    rmSync(world.swap.live, { recursive: true });
    fill(world.swap.live, { names: ['other'], text: 'other', mode: 0o755, owner: 0 });
    await expect(swapTree(world.swap, runEffect)).rejects.toThrow('is not the folder it was');
    expect(readdirSync(world.swap.live)).toEqual(['other']);
  });

  it('refuses when the staged folder is gone, before it moves the live one', async () => {
    const world = await makeWorld('rename');
    rmSync(world.swap.incoming, { recursive: true });
    await expect(swapTree(world.swap, runEffect)).rejects.toMatchObject({ code: 'TREE_NOT_SWAPPABLE' });
    expect(await contentsOf(world.swap.live)).toEqual(world.old);
  });
});

describe('describing a swap', () => {
  let elsewhere: string;
  beforeEach(async () => {
    elsewhere = await mkdtemp('/dev/shm/holdfast-swap-');
  });
  afterEach(() => rm(elsewhere, { recursive: true, force: true }));

  it('fails when there is nothing staged', async () => {
    const { swap } = await makeWorld('rename');
    await expect(describeTreeSwap({ ...swap, incoming: join(base, 'nothing') })).rejects.toMatchObject({
      code: 'TREE_MISSING',
    });
  });

  it('fails when the staged folder is on another filesystem', async () => {
    const { swap } = await makeWorld('rename');
    const incoming = join(elsewhere, '.holdfast-0123456789-storage-new');
    mkdirSync(incoming);
    await expect(describeTreeSwap({ ...swap, incoming })).rejects.toMatchObject({
      code: 'TREE_NOT_SWAPPABLE',
      message: expect.stringContaining('another filesystem'),
    });
  });

  it('fails when something is where the replaced data would go, so a swap that has begun is not described anew', async () => {
    const { swap } = await makeWorld('children');
    await goAndStop({ swap, old: null, new: null }, 'forward', 0, 'after');
    await expect(describeTreeSwap(swap)).rejects.toMatchObject({
      code: 'TREE_NOT_SWAPPABLE',
      message: expect.stringContaining('is there already'),
    });
  });
});
