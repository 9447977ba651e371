// GNU tar: a tree as one pax archive, with everything that belongs to a file but its access and status-change times.

import { Failure } from '../domain/failure.js';
import { SIDE_FOLDER_GLOB } from '../domain/names.js';
import type { Command } from './command.js';
import { findProgram } from './program-lookup.js';
import { versionText } from './program-version.js';

export { parseTarWarning, unreadableInTar } from './tar-warning.js';

/** macOS's own tar is another one; Homebrew's gnu-tar is called gtar. */
const GNU_TAR = process.platform === 'linux' ? 'tar' : 'gtar';

const ATTRIBUTES = ['--numeric-owner', '--acls', '--xattrs', '--xattrs-include=*'] as const;

/** No process id and no time of reading in the archive: two of the same tree are equal. */
const PAX_OPTIONS = 'exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime';

export interface TarCreate {
  /** The tree's folder. */
  path: string;
  /** File to write the listing to: what is in the archive, with sizes, times and owners. */
  index: string;
  /** File with NUL-separated paths below the tree, that are archived instead of all of it. */
  only?: string;
}

/**
 * Exit code 1: some files changed while they were read (parseTarWarning). Files that cannot be read: 2; with `only` they are
 * left out (unreadableInTar), since a file that was named may have gone.
 */
export const tarCreate = ({ path, index, only }: TarCreate): Command => ({
  program: GNU_TAR,
  args: [
    '--create',
    '--file=-',
    '--format=posix',
    `--pax-option=${PAX_OPTIONS}`,
    '-vv',
    `--index-file=${index}`,
    '--full-time',
    '--utc',
    '--quoting-style=c',
    ...ATTRIBUTES,
    '--sparse',
    `--exclude=${SIDE_FOLDER_GLOB}`,
    `--directory=${path}`,
    ...(only === undefined
      ? ['.']
      : ['--ignore-failed-read', '--null', '--no-recursion', `--files-from=${only}`]),
  ],
  acceptedExitCodes: [1],
});

/** Into a folder that is fresh, empty and private: tar follows links that are already there. Owners only as root. */
export const tarExtract = ({ directory }: { directory: string }): Command => ({
  program: GNU_TAR,
  args: [
    '--extract',
    '--file=-',
    '--preserve-permissions',
    process.getuid?.() === 0 ? '--same-owner' : '--no-same-owner',
    '--quoting-style=c',
    ...ATTRIBUTES,
    `--directory=${directory}`,
  ],
});

/** Its stdout names what differs in a folder (a line each); then it exits with 1 and fails as NOT_IDENTICAL. */
export const tarCompare = ({ directory }: { directory: string }): Command => ({
  program: GNU_TAR,
  args: ['--compare', '--file=-', '--quoting-style=c', ...ATTRIBUTES, `--directory=${directory}`],
});

/** The contents of all files in an archive, one after the other. */
export const tarToStdout = (): Command => ({
  program: GNU_TAR,
  args: ['--extract', '--to-stdout', '--file=-'],
});

/** Prints what tarCreate writes into its listing, from the archive alone. */
export const tarList = (): Command => ({
  program: GNU_TAR,
  args: ['--list', '--file=-', '-vv', '--full-time', '--utc', '--numeric-owner', '--quoting-style=c'],
});

/** @throws TOOL_MISSING */
export const requireGnuTar = async (): Promise<void> => {
  if (/GNU tar/.test(await versionText(await findProgram(GNU_TAR)))) return;
  throw new Failure('TOOL_MISSING', 'tar is not GNU tar', {
    hint: 'install GNU tar: apt-get install tar (Debian, Ubuntu), apk add tar (Alpine), brew install gnu-tar (macOS)',
  });
};
