// Debian packages as the contents of an image: what an empty system would need for them, taken from this machine where
// they are installed, and downloaded and unpacked where they are not. Nothing is installed.
import { lstatSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { isInstalled } from '../engine/install-engine.js';

export interface PackageFiles {
  /** Paths on this machine, without the leading slash. */
  here: string[];
  /** Archives to unpack. */
  archives: string[];
}

/** Too big for what they give, or never read in a container. */
const LEFT_OUT =
  /^(libllvm|libz3-|perl-modules|libperl5|locales$|libc-l10n|debconf|dpkg$|systemd|login$|adduser|init-system)/;
const NOT_READ =
  /^usr\/(share\/(doc|man|locale|info|lintian|bug|i18n|perl)|lib\/[^/]+\/(perl|gconv)|include)(\/|$)|\/bitcode(\/|$)|llvmjit/;

export const packageFiles = async (wanted: readonly string[]): Promise<PackageFiles> => {
  const all = (await neededFor(wanted)).filter((name) => !LEFT_OUT.test(name));
  const installed = await installedHere();
  const here = all.filter((name) => installed.has(name));
  const missing = all.filter((name) => !installed.has(name));
  return { here: await filesOf(here), archives: await download(missing) };
};

/** With everything they depend on, as for a machine on which nothing is installed. */
const neededFor = async (wanted: readonly string[]): Promise<string[]> => {
  if (!isInstalled('dpkg-query'))
    throw new Error('the Docker tests make their image of Debian packages: run them on Debian');
  const { stdout } = await simulate(wanted).catch(async () => {
    await execa('apt-get', ['--quiet', 'update']);
    return simulate(wanted);
  });
  return [...stdout.matchAll(/^Inst (\S+) /gm)].map(([, name = '']) => name);
};

const simulate = (wanted: readonly string[]) => {
  const empty = ['--option', 'Dir::State::status=/dev/null'];
  return execa('apt-get', ['--simulate', '--no-install-recommends', ...empty, 'install', ...wanted]);
};

const installedHere = async (): Promise<Set<string>> => {
  const { stdout } = await execa('dpkg-query', [
    '--show',
    '--showformat',
    '$' + '{db:Status-Status} $' + '{Package}\n',
  ]);
  return new Set(stdout.split('\n').flatMap((line) => /^installed (.+)$/.exec(line)?.[1] ?? []));
};

/** Where /bin is a link to /usr/bin, files of /bin are taken from where they are. */
const filesOf = async (packages: readonly string[]): Promise<string[]> => {
  const { stdout } = await execa('dpkg-query', ['--listfiles', ...packages]);
  const paths = stdout
    .split('\n')
    .filter((line) => line.startsWith('/') && line !== '/.')
    .map((line) => line.slice(1).replace(/^(bin|sbin|lib|lib64)\//, 'usr/$1/'))
    .filter((path) => !NOT_READ.test(path));
  return [...new Set(paths)].filter(isFile);
};

/** Folders come into being with what is in them; an archive must not name anything twice. */
const isFile = (path: string): boolean => {
  const found = lstatSync(`/${path}`, { throwIfNoEntry: false });
  return found !== undefined && !found.isDirectory() && !/^(bin|sbin|lib\w*)$/.test(path);
};

/** Kept for the next time. */
const download = async (packages: readonly string[]): Promise<string[]> => {
  if (packages.length === 0) return [];
  const cwd = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'holdfast', 'packages');
  await mkdir(cwd, { recursive: true });
  const kept = await readdir(cwd);
  const lacking = packages.filter((name) => !kept.some((file) => file.startsWith(`${name}_`)));
  const asRoot = ['--option', 'APT::Sandbox::User=root'];
  if (lacking.length > 0) await execa('apt-get', ['--quiet', ...asRoot, 'download', ...lacking], { cwd });
  const files = await readdir(cwd);
  return packages.map((name) => join(cwd, files.find((file) => file.startsWith(`${name}_`)) ?? name));
};
