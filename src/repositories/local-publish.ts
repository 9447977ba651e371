// How a complete file gets its final name in a local repository, and never overwrites another one by accident.
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, open, rm, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Effect } from '../domain/effect.js';
import { Failure } from '../domain/failure.js';
import { syncFolder } from '../tools/sync.js';
import { type Digest, digestOf } from './hash.js';

/** Hidden, in the same folder, and of this attempt alone. */
export const temporaryName = (name: string): string => `.${name}.${randomBytes(6).toString('hex')}.partial`;

/** Gives a complete and synced temporary file its name. A different file of that name is replaced: no manifest names it yet. */
export const publishStored = async (temporary: string, final: string, stored: Digest, effect: Effect) => {
  await effect(`publish ${basename(final)}`, async () => {
    if (
      !(await linked(temporary, final)) &&
      (await digestOf(createReadStream(final))).sha256 !== stored.sha256
    ) {
      await unlink(final);
      await link(temporary, final);
    }
    await unlink(temporary);
    await syncFolder(dirname(final));
  });
};

/** Writes a small file that is never overwritten: the same bytes again are success. */
export const publishBytes = async (final: string, bytes: Buffer, effect: Effect): Promise<void> => {
  const temporary = join(dirname(final), temporaryName(basename(final)));
  await effect(`publish ${basename(final)}`, async () => {
    try {
      await writeDurably(temporary, bytes);
      if (!(await linked(temporary, final)) && !(await hasBytes(final, bytes))) throw alreadyThere(final);
      await syncFolder(dirname(final));
    } finally {
      await rm(temporary, { force: true });
    }
  });
};

const writeDurably = async (path: string, bytes: Buffer): Promise<void> => {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
};

const linked = async (temporary: string, final: string): Promise<boolean> => {
  try {
    await link(temporary, final);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
};

const hasBytes = async (path: string, bytes: Buffer): Promise<boolean> => {
  const file = await open(path, 'r');
  try {
    return (await file.readFile()).equals(bytes);
  } finally {
    await file.close();
  }
};

const alreadyThere = (final: string): Failure =>
  new Failure('REPOSITORY_UNREACHABLE', `${final} is there already, with other contents`, {
    hint: 'two agents write to one folder: give each deployment a name of its own',
    retryable: false,
  });
