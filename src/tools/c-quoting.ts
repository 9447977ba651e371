// tar's --quoting-style=c: text between double quotes with the escapes of C, one character a byte.

export interface Quoted {
  text: string;
  /** Where the closing quote's successor is. */
  end: number;
}

/** Reads the quoted text that starts at `start`, which must be a double quote; null when it is not or never ends. */
export const readQuoted = (line: string, start: number): Quoted | null => {
  PATTERN.lastIndex = start;
  const match = PATTERN.exec(line);
  if (match?.[1] === undefined) return null;
  return { text: unescaped(match[1]), end: PATTERN.lastIndex };
};

const PATTERN = /"((?:[^"\\]|\\.)*)"/y;
const NAMED: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

const unescaped = (quoted: string): string =>
  quoted.includes('\\')
    ? quoted.replace(/\\([0-7]{3}|.)/g, (_match, code: string) =>
        code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8)) : (NAMED[code] ?? code),
      )
    : quoted;
