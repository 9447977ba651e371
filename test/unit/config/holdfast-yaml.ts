// Writes a holdfast.yaml of its own for each test, and tells what loadConfig makes of it.
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { loadConfig } from '../../../src/config/load.js';
import { Failure } from '../../../src/domain/failure.js';

/** A private folder that is gone after the test. */
export const testFolder = async (): Promise<string> => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'holdfast-config-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

export const writeConfig = async (text: string): Promise<string> => {
  const file = join(await testFolder(), 'holdfast.yaml');
  await writeFile(file, text, { mode: 0o600 });
  return file;
};

/** The lines of the message after its first one, which must count them rightly. */
export const problemsIn = async (text: string): Promise<string[]> => {
  const file = await writeConfig(text);
  const { code, message } = await failureOf(() => loadConfig({ file }));
  const [first, ...lines] = message.split('\n');
  const count = lines.length === 1 ? '1 problem' : `${lines.length} problems`;
  if (code !== 'CONFIG_INVALID' || first !== `${count} in ${file}:`)
    throw new Error(`unexpected: ${code} ${message}`);
  return lines;
};

export const failureOf = async (act: () => unknown): Promise<Failure> => {
  try {
    await act();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('nothing failed');
};
