// Names of files are bytes, not text. Inside a tree they are kept as strings of one character a byte ("latin1"), which loses nothing.

/** What the calls of node:fs take: `root` is text (UTF-8), `path` a byte string below it; `.` is the root itself. */
export const absoluteBytes = (root: string, path: string): Buffer =>
  Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path, 'latin1')]);

/** A byte string for people and manifests: UTF-8 as it is; control characters, backslashes and other bytes escaped (`\n`, `\\`, `\xff`). */
export const printable = (path: string): string => {
  const bytes = Buffer.from(path, 'latin1');
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const character = characterAt(bytes, at);
    text += character !== '' && !HIDDEN.test(character) ? character : escaped(bytes, at, character);
    at += Math.max(1, Buffer.byteLength(character));
  }
  return text;
};

/** Control characters, line separators, and what turns the direction of writing. */
const HIDDEN = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\\]/u;
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' };

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The character of valid UTF-8 that starts here; '' when none does. */
const characterAt = (bytes: Buffer, at: number): string => {
  const first = bytes[at] ?? 0;
  const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  try {
    const character = utf8.decode(bytes.subarray(at, at + length));
    return [...character].length === 1 ? character : '';
  } catch {
    return '';
  }
};

const escaped = (bytes: Buffer, at: number, character: string): string =>
  SHORT[character] ??
  [...bytes.subarray(at, at + Math.max(1, Buffer.byteLength(character)))]
    .map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`)
    .join('');
