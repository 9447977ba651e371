// A little program that a test writes itself, as an executable shell script in a folder of its own.
import { chmod, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface WrittenProgram {
  folder: string;
  path: string;
  /** What it does from now on. */
  does(script: string): Promise<void>;
  remove(): Promise<void>;
}

export const writtenProgram = async (name: string): Promise<WrittenProgram> => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-program-'));
  const path = join(folder, name);
  return {
    folder,
    path,
    // A file that is being written cannot be executed.
    does: async (script) => {
      await writeFile(`${path}.new`, `#!/bin/sh\n${script}\n`);
      await chmod(`${path}.new`, 0o755);
      await rename(`${path}.new`, path);
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
};
