// A folder of one's own, and everything that was started in it: all of it goes away again, whatever happens.
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export interface Sandbox {
  folder: string;
  /** Aborted by Ctrl-C and SIGTERM. */
  interrupted: AbortSignal;
  /** Runs when the sandbox is left, the latest one first. */
  atEnd(cleanUp: CleanUp): void;
  /** Settles at Ctrl-C, which is then no failure. */
  untilInterrupted(): Promise<void>;
}

type CleanUp = () => Promise<unknown>;

/** Runs `act` with a new folder, or with `wanted`, which must not exist yet. */
export const inSandbox = async <T>(
  wanted: string | undefined,
  act: (sandbox: Sandbox) => Promise<T>,
): Promise<T> => {
  const interrupts = listenForInterrupts();
  const cleanUps: CleanUp[] = [];
  try {
    const folder = await createFolder(wanted);
    cleanUps.push(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
    const { interrupted, untilInterrupted } = interrupts;
    const atEnd = (cleanUp: CleanUp) => void cleanUps.push(cleanUp);
    return await Promise.race([act({ folder, interrupted, atEnd, untilInterrupted }), interrupts.failure]);
  } finally {
    for (const cleanUp of cleanUps.reverse()) await cleanUp().catch(report);
    interrupts.dispose();
  }
};

const listenForInterrupts = () => {
  const controller = new AbortController();
  const interrupt = () => controller.abort(new Error('interrupted'));
  for (const signal of SIGNALS) process.on(signal, interrupt);
  let isWaitedFor = false;
  const interrupted = controller.signal;
  return {
    interrupted,
    /** Rejects at Ctrl-C, unless somebody waits for it. */
    failure: new Promise<never>((_, reject) => {
      interrupted.addEventListener('abort', () => isWaitedFor || reject(interrupted.reason));
    }),
    untilInterrupted: () => {
      isWaitedFor = true;
      return new Promise<void>((resolve) => interrupted.addEventListener('abort', () => resolve()));
    },
    dispose: () => {
      for (const signal of SIGNALS) process.off(signal, interrupt);
    },
  };
};

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Others may walk through it: root's PostgreSQL runs as another user. */
const createFolder = async (wanted: string | undefined): Promise<string> => {
  const folder = wanted === undefined ? await mkdtemp(join(tmpdir(), 'holdfast-sandbox-')) : resolve(wanted);
  if (wanted !== undefined) await mkdir(folder);
  await chmod(folder, 0o711);
  return folder;
};

const report = (error: unknown): void => console.error(`clean-up: ${error}`);
