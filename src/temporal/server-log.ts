// Why a server that did not start did not: read from what it said.
import { readFile } from 'node:fs/promises';

export type StartProblem = 'port taken' | 'file does not open' | 'other';

const PORT_TAKEN = /address already in use/;
/** What SQLite and the server say of an empty, cut, foreign or half-created file. A full disk and missing rights are not among them. */
const DOES_NOT_OPEN =
  /file is not a database|disk image is malformed|SQL logic error|no such (table|column)|has no column named/;

export const startProblem = (log: string): StartProblem => {
  if (PORT_TAKEN.test(log)) return 'port taken';
  return DOES_NOT_OPEN.test(log) ? 'file does not open' : 'other';
};

/** The last 4 kB, whole lines. */
export const logTail = async (path: string): Promise<string> => {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.length <= 4096
    ? text.trim()
    : text
        .slice(-4096)
        .replace(/^[^\n]*\n/, '')
        .trim();
};

export const readLog = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');
