// Reads a file only if nobody else could have put words into it. Everything is asked of the open descriptor, so the file
// that was judged is the file that is read.
import { constants } from 'node:fs';
import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

export type TrustedRead =
  | { kind: 'text'; text: string }
  | { kind: 'missing' }
  /** `problem` says it about the file: `can be changed by others …`. */
  | { kind: 'refused'; problem: string };

interface Rules {
  maxBytes: number;
  /** A secret: users outside the file's group may not read it either. */
  secret: boolean;
}

/** The text of a regular file that root or this user owns and that nobody else can change. */
export const readTrustedFile = async (file: string, rules: Rules): Promise<TrustedRead> => {
  let handle: FileHandle | undefined;
  try {
    // Without O_NONBLOCK the open itself waits at a named pipe, before it can be refused.
    handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const problem = distrust(file, await handle.stat(), rules);
    return problem === null ? await readText(handle) : { kind: 'refused', problem };
  } catch (error) {
    return refusal(error);
  } finally {
    await handle?.close();
  }
};

/** Why others could replace `file` by one of their own; null if they cannot. In a sticky folder only owners can. */
export const folderDistrust = async (file: string): Promise<string | null> => {
  const folders = new Set([dirname(file), dirname(await realpath(file))]);
  for (const folder of folders) {
    const problem = await distrustIn(folder);
    if (problem !== null) return problem;
  }
  return null;
};

/** As folderDistrust, of a file that will be in `folder`. */
export const distrustIn = async (folder: string): Promise<string | null> => {
  const { uid, mode } = await stat(folder);
  if (!isOurs(uid)) return `is in ${folder}, which belongs to ${strange(folder, uid)}`;
  return (mode & 0o022) !== 0 && (mode & 0o1000) === 0
    ? `can be replaced by others (${folder} has mode ${octal(mode)}): chmod go-w ${folder}`
    : null;
};

interface FileFacts {
  isFile: () => boolean;
  uid: number;
  mode: number;
  size: number;
}

/** Pure, so that every owner can be tried. */
export const distrust = (file: string, facts: FileFacts, { maxBytes, secret }: Rules): string | null => {
  const { uid, mode, size } = facts;
  if (!facts.isFile()) return 'is not a regular file';
  if (!isOurs(uid)) return `belongs to ${strange(file, uid)}`;
  if ((mode & 0o022) !== 0) return `can be changed by others (mode ${octal(mode)}): chmod go-w ${file}`;
  if (secret && (mode & 0o004) !== 0)
    return `can be read by others (mode ${octal(mode)}): chmod o-rwx ${file}`;
  return size > maxBytes ? `is too large: ${size} bytes, at most ${maxBytes}` : null;
};

const readText = async (handle: FileHandle): Promise<TrustedRead> => {
  const bytes = await handle.readFile();
  try {
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    const problem = bytes.toString('latin1').startsWith('age-encryption.org/')
      ? 'is encrypted with a passphrase, and nobody is there to type it'
      : 'is not UTF-8 text';
    return { kind: 'refused', problem };
  }
};

const refusal = (error: unknown): TrustedRead => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' };
  if (code === 'EACCES' || code === 'EPERM')
    return { kind: 'refused', problem: `cannot be read by user ${ownId()}; run the agent as one who may` };
  if (code === '') throw error;
  return { kind: 'refused', problem: `cannot be read (${code})` };
};

const ownId = (): number => process.getuid?.() ?? 0;
const isOurs = (uid: number): boolean => uid === 0 || uid === ownId();
const strange = (path: string, uid: number): string =>
  `user ${uid}; it must be root’s or your own: chown ${ownId()} ${path}`;
const octal = (mode: number): string => (mode & 0o7777).toString(8).padStart(4, '0');
