// A repository in a local folder: files 0600, folders 0700. A name of the attempt's own, fsync, link to the final name,
// unlink, fsync of the folder: what has its name is complete and survives a power cut.
import { createReadStream } from 'node:fs';
import { access, constants, mkdir, open, readdir, readFile, rm, rmdir, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RepositorySettings } from '../config/config.js';
import type { Effect } from '../domain/effect.js';
import { Failure } from '../domain/failure.js';
import { publishBytes, temporaryName } from './local-publish.js';
import { localStore } from './local-store.js';
import type { ObjectInfo, Repository } from './repository.js';

export const localRepository = (settings: RepositorySettings): Repository => {
  const at = (key: string) => join(settings.path, key);
  return {
    name: settings.name,
    kind: 'local',
    location: settings.path,
    store: async (folder, source, context) => {
      await createFolder(settings, at(folder), context.effect);
      return localStore(at(folder), source, context);
    },
    open: async (key, offset = 0) => {
      const file = await open(at(key), 'r').catch((cause: unknown) => {
        throw new Failure('CORRUPT_ARTIFACT', `${key} is missing in repository ${settings.name}`, { cause });
      });
      return createReadStream('', { fd: file, start: offset, highWaterMark: 1 << 20 });
    },
    put: async (key, bytes, effect) => {
      await createFolder(settings, dirname(at(key)), effect);
      await publishBytes(at(key), bytes, effect);
    },
    get: (key) => readFile(at(key)).catch(nullWhenMissing),
    list: (folder) => listFiles(settings.path, folder),
    removeFolder: (folder, effect) => removeFolder(at(folder), effect),
    freeBytes: async () => {
      const { bavail, bsize } = await statfs(settings.path).catch(() => statfs(dirname(settings.path)));
      return bavail * bsize;
    },
    check: () => check(settings),
  };
};

const createFolder = async (settings: RepositorySettings, folder: string, effect: Effect): Promise<void> => {
  await access(dirname(settings.path)).catch((cause: unknown) => {
    throw unreachable(
      settings,
      `the folder that should hold it, ${dirname(settings.path)}, is missing`,
      cause,
    );
  });
  await effect('create the folder in the repository', () =>
    mkdir(folder, { recursive: true, mode: 0o700 }),
  ).catch((cause: unknown) => {
    throw unreachable(settings, String(cause), cause);
  });
};

const check = async (settings: RepositorySettings): Promise<void> => {
  const there = await stat(settings.path).catch(() => null);
  const folder = there === null ? dirname(settings.path) : settings.path;
  if (there !== null && !there.isDirectory()) throw unreachable(settings, 'it is not a folder', null);
  await access(folder, constants.R_OK | constants.W_OK | constants.X_OK).catch((cause: unknown) => {
    throw unreachable(settings, `${folder} is missing or cannot be written`, cause);
  });
  if (there === null) return;
  const probe = join(settings.path, temporaryName('probe'));
  await open(probe, 'wx', 0o600)
    .then((file) => file.close())
    .catch((cause: unknown) => {
      throw unreachable(settings, `${folder} cannot be written`, cause);
    });
  await rm(probe, { force: true });
};

const unreachable = (settings: RepositorySettings, why: string, cause: unknown): Failure =>
  new Failure('REPOSITORY_UNREACHABLE', `repository ${settings.name} at ${settings.path}: ${why}`, {
    cause,
    retryable: false,
  });

const listFiles = async (root: string, folder: string): Promise<ObjectInfo[]> => {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(nullWhenMissing);
  const found: ObjectInfo[] = [];
  for (const entry of entries ?? []) {
    const key = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory()) found.push(...(await listFiles(root, key)));
    else if (entry.isFile()) {
      const info = await stat(join(root, key)).catch(nullWhenMissing);
      if (info !== null) found.push({ key, bytes: info.size, modifiedAt: info.mtime });
    }
  }
  return found;
};

const removeFolder = async (folder: string, effect: Effect): Promise<void> => {
  const names = (await readdir(folder).catch(nullWhenMissing)) ?? [];
  const manifestFirst = names.sort((a, b) => Number(b === 'manifest.json') - Number(a === 'manifest.json'));
  for (const name of manifestFirst) {
    await effect(`remove ${name.startsWith('.') ? 'an unfinished file' : name} from the repository`, () =>
      rm(join(folder, name), { recursive: true, force: true }),
    );
  }
  await effect('remove the folder from the repository', () => rmdir(folder).catch(nullWhenMissing));
};

const nullWhenMissing = (cause: unknown): null => {
  if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
  throw cause;
};
