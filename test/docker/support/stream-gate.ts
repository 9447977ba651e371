// Holds a sidecar in the middle of its stream: the `cat` on this side of the FIFO passes its first bytes and waits.
import { existsSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import type { Scenario } from '../../support/scenario.js';
import { which } from '../../support/scenario-hosts.js';
import type { Gate } from '../../support/scenario-programs.js';

/** What is shorter, such as the roles, passes at once. More than a FIFO holds, so its other end waits too. */
const BYTES = 200_000;

/** `writing`: a dump's stream is held; otherwise what pg_restore reads. */
export const putStreamGate = async (
  { programs }: Scenario,
  direction: 'writing' | 'reading',
): Promise<Gate> => {
  const file = join(programs, 'cat');
  const mine = direction === 'writing' ? '*/stream' : '';
  const hold = `touch '${file}.reached'; while [ ! -e '${file}.open' ] && [ -e '${file}' ]; do sleep 0.05; done`;
  const script = `#!/bin/sh
case $# in 0 | 1) ;; *) exec ${which('cat')} "$@" ;; esac
case \${1-} in ${mine || "''"}) ;; *) exec ${which('cat')} "$@" ;; esac
${which('cat')} "$@" | {
  head -c ${BYTES}
  head -c 1 >'${file}.next'
  if [ -s '${file}.next' ]; then ${hold}; fi
  exec ${which('cat')} '${file}.next' -
}
`;
  await writeFile(file, script);
  await chmod(file, 0o755);
  return {
    reached: () =>
      vi.waitFor(() => expect(existsSync(`${file}.reached`)).toBe(true), { timeout: 60_000, interval: 20 }),
    open: () => writeFile(`${file}.open`, ''),
  };
};
