// A started program, and what is done to several of them at once.
import type { Readable, Writable } from 'node:stream';
import type { Ending } from './ending.js';
import { groupGone, signalGroup } from './group-signal.js';
import type { ProcessRegister } from './run-context.js';
import type { Words } from './stderr-lines.js';

export interface Child {
  name: string;
  /** undefined: the system could not start it; `ended` says why. */
  pid: number | undefined;
  /** null: it has none, or another program's stdout. */
  stdin: Writable | null;
  stdout: Readable;
  words: Words;
  /** Settles when it is gone and its stderr is read; never rejects. */
  ended: Promise<Ending>;
  /** Whether it has settled: from then on its pid may be another process's. */
  gone: () => boolean;
}

const GRACE_MS = 3000;

/** SIGTERM to whatever runs; SIGKILL to what then still runs after three seconds. */
export const endAll = (children: readonly Child[]): void => {
  for (const child of children) {
    const { pid } = child;
    if (pid === undefined || child.gone()) continue;
    signalGroup(pid, 'SIGTERM');
    const timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), GRACE_MS);
    child.ended.then(() => clearTimeout(timer));
  }
};

const DEAD_WITHIN_MS = 2000;

/** What the programs themselves had started was killed with them; waits until it is gone too. */
export const allGone = async (children: readonly Child[]): Promise<void> => {
  await Promise.all(
    children.map(({ pid }) => (pid === undefined ? undefined : groupGone(pid, DEAD_WITHIN_MS))),
  );
};

export const register = async (children: readonly Child[], processes: ProcessRegister): Promise<void> => {
  await Promise.all(
    children.map(({ pid, name }) => (pid === undefined ? undefined : processes.started(pid, name))),
  );
};

/** An entry that cannot be removed does no harm: whoever reads it compares start times. */
export const unregister = async (children: readonly Child[], processes: ProcessRegister): Promise<void> => {
  await Promise.allSettled(children.map(({ pid }) => (pid === undefined ? undefined : processes.ended(pid))));
};
