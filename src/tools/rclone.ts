// rclone: reaches what it has a remote for. Trying again is the workflow's business, so it tries once; it never asks, and gives
// up on a server that says nothing. https://rclone.org/commands/
import type { Command } from './command.js';

/** Exit code of a folder, and of an object, that is not there. */
const RCLONE_MISSING: readonly number[] = [3, 4];

/**
 * Stores its stdin. It opens the object at once, so that a remote that refuses says so before hours of a dump.
 * @param bytes how many come, where that is known: parts are then large enough for any size
 * @param bandwidth how many it may send in a second
 */
export const rcloneRcat = (
  target: string,
  { bytes, bandwidth }: { bytes?: number; bandwidth?: number } = {},
): Command =>
  rclone([
    'rcat',
    bytes === undefined ? '--streaming-upload-cutoff=0' : `--size=${bytes}`,
    ...(bandwidth === undefined ? [] : [`--bwlimit=${bandwidth}B`]),
    target,
  ]);

export const rcloneCat = (target: string, offset = 0): Command =>
  rclone(['cat', ...(offset === 0 ? [] : [`--offset=${offset}`]), target], RCLONE_MISSING);

/** A line each: its name and its kind. */
export const rcloneRemotes = (): Command => rclone(['listremotes', '--long']);

/** An object as JSON: one entry. */
export const rcloneStat = (target: string): Command =>
  rclone(['lsjson', '--stat', '--no-mimetype', target], RCLONE_MISSING);

/** The objects of a folder as JSON. Asking an object store for each one's own time would be a request a piece. */
export const rcloneList = (target: string, { recursive }: { recursive: boolean }): Command =>
  rclone(
    [
      'lsjson',
      '--files-only',
      '--no-mimetype',
      '--use-server-modtime',
      ...(recursive ? ['--recursive'] : []),
      target,
    ],
    RCLONE_MISSING,
  );

/**
 * Also over an object of the same size and time, which rclone would take for the same one. Without `replacing` rclone does
 * not remove what is there first: a remote that refuses to overwrite by itself, as WebDAV does, then refuses.
 */
export const rcloneMove = (from: string, to: string, { replacing }: { replacing: boolean }): Command =>
  rclone(['moveto', '--ignore-times', ...(replacing ? [] : ['--no-check-dest']), from, to]);

export const rcloneDelete = (target: string): Command => rclone(['deletefile', target], RCLONE_MISSING);

/** A folder and all that is in it. */
export const rclonePurge = (target: string): Command => rclone(['purge', target], RCLONE_MISSING);

/** @param reading read the object where the remote itself has no SHA-256 of it */
export const rcloneSha256 = (target: string, { reading }: { reading: boolean }): Command =>
  rclone(['hashsum', 'sha256', ...(reading ? ['--download'] : []), target], RCLONE_MISSING);

export const rcloneAbout = (remote: string): Command => rclone(['about', '--json', remote]);

const ALWAYS = [
  '--retries=1',
  '--low-level-retries=3',
  '--contimeout=30s',
  '--timeout=2m',
  '--ask-password=false',
];

const rclone = (args: readonly string[], acceptedExitCodes: readonly number[] = []): Command => ({
  program: 'rclone',
  args: [...args, ...ALWAYS],
  acceptedExitCodes,
});
