// Whether holdfast ran sidecars: a `docker` in front of the real one notes how it is called.
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Scenario } from '../../support/scenario.js';
import { which } from '../../support/scenario-hosts.js';

export interface SidecarCalls {
  /** The programs that ran in sidecars since the last time: `pg_dump`. */
  taken(): Promise<string[]>;
}

export const noteSidecars = async ({ programs, path }: Scenario): Promise<SidecarCalls> => {
  const notes = path('docker-calls');
  const file = join(programs, 'docker');
  await writeFile(file, `#!/bin/sh\necho "$*" >>'${notes}'\nexec ${which('docker')} "$@"\n`);
  await chmod(file, 0o755);
  return {
    taken: async () => {
      const calls = await readFile(notes, 'utf8').catch(() => '');
      await rm(notes, { force: true });
      const runs = calls.split('\n').filter((call) => call.startsWith('run '));
      return runs.map((call) => /\$@" [<>]\S+ (\w+)/.exec(call)?.[1] ?? call);
    },
  };
};
