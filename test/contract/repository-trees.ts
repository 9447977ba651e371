import { execFileSync } from 'node:child_process';
import { link, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { summarize } from '../../src/files/digest.js';
import { readListing } from '../../src/files/listing.js';
import { walk } from '../../src/files/walk.js';
import type { Source } from '../../src/repositories/repository.js';
import { bytesOf, decoded, storeContext } from '../support/repository.js';
import { type Given, storedName } from './repository-suite.js';

const TAR = process.platform === 'linux' ? 'tar' : 'gtar';
const NAME = 'files.storage.tar';
const ODD_NAMES = ['plain', 'with space', '-rf', 'line\nbreak', 'quote"\\', 'ünïcode', '*'];

export const treePromises = (given: Given): void => {
  const key = (name = NAME) => `edms/b1/${storedName(given(), name)}`;
  let folder: string;
  let tree: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-tree-'));
    tree = join(folder, 'tree');
    await mkdir(join(tree, 'empty'), { recursive: true });
    for (const name of ODD_NAMES) await writeFile(join(tree, name), `contents of ${name}`);
    if (process.platform === 'linux')
      await writeFile(Buffer.concat([Buffer.from(`${tree}/`), Buffer.from([0xff, 0xfe])]), 'not UTF-8');
    await link(join(tree, 'plain'), join(tree, 'second name'));
    await symlink('../nowhere', join(tree, 'dangling'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const source = (only?: string): Source => ({
    kind: 'tree',
    name: NAME,
    path: tree,
    index: join(folder, 'listing'),
    ...(only === undefined ? {} : { only }),
  });
  const extracted = async (): Promise<string> => {
    const target = await mkdtemp(join(folder, 'extracted-'));
    const stored = await bytesOf(await given().repository.open(key()));
    execFileSync(TAR, ['-x', '-p', '-f', '-', '-C', target], { input: decoded(stored) });
    return target;
  };

  it('stores a tree with every name that a file can have, and writes the archive’s listing', async () => {
    await given().repository.store('edms/b1', source(), storeContext());
    const listed = summarize(await readListing(join(folder, 'listing')));
    const live = summarize(await walk(tree));
    expect(listed).toEqual(live);
    expect(listed.files).toBeGreaterThan(ODD_NAMES.length);
    expect(summarize(await walk(await extracted()))).toEqual(live);
  });

  it('stores only the paths that are asked for', async () => {
    const only = join(folder, 'only');
    await writeFile(only, './line\nbreak\0./with space\0');
    await given().repository.store('edms/b1', source(only), storeContext());
    const paths = (await walk(await extracted())).map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['line\nbreak', 'with space']));
    expect(paths).not.toContain('plain');
    expect(paths).not.toContain('empty');
  });

  it('leaves nothing of a tree that is not there', async () => {
    await rm(tree, { recursive: true });
    const storing = given().repository.store('edms/b1', source(), storeContext());
    await expect(storing).rejects.toMatchObject({ code: 'TREE_MISSING' });
    expect(await given().everything()).toEqual([]);
  });
};
