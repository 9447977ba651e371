// What a program says of its version, asked once per file: Debian's wrapper takes a tenth of a second to answer.
import { stat } from 'node:fs/promises';
import { runProgram } from './process.js';

const TIMEOUT_MS = 10_000;

const answers = new Map<string, Promise<string>>();

/** stdout of `--version`. A replaced file is asked again; a failed answer is not kept. */
export const versionText = async (path: string): Promise<string> => {
  const { ino, mtimeMs, size } = await stat(path);
  const key = `${path} ${ino} ${mtimeMs} ${size}`;
  const known = answers.get(key);
  if (known !== undefined) return known;
  const asked = runProgram({ program: path, args: ['--version'] }, { timeoutMs: TIMEOUT_MS }).then(
    ({ stdout }) => stdout,
  );
  answers.set(key, asked);
  asked.catch(() => answers.delete(key));
  return asked;
};
