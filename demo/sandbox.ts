// A folder of one's own, and everything that was started in it: all of it goes away again, whatever happens.
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export interface Sandbox {
  folder: string;
  /** Aborted by Ctrl-C and SIGTERM. */
  interrupted: AbortSignal;
  /** Runs when the sandbox is left, the latest one first. */
  atEnd(cleanUp: () => Promise<unknown>): void;
}

/** Runs `act` with a new folder, or with `wanted`, which must not exist yet. */
export const inSandbox = async <T>(
  wanted: string | undefined,
  act: (sandbox: Sandbox) => Promise<T>,
): Promise<T> => {
  const controller = new AbortController();
  const interrupt = () => controller.abort(new Error('interrupted'));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, interrupt);
  const cleanUps: (() => Promise<unknown>)[] = [];
  try {
    const folder = await createFolder(wanted);
    cleanUps.push(() => rm(folder, { recursive: true, force: true }));
    return await act({
      folder,
      interrupted: controller.signal,
      atEnd: (cleanUp) => void cleanUps.push(cleanUp),
    });
  } finally {
    for (const cleanUp of cleanUps.reverse()) await cleanUp().catch(report);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupt);
  }
};

/** Others may walk through it: root's PostgreSQL runs as another user. */
const createFolder = async (wanted: string | undefined): Promise<string> => {
  const folder = wanted === undefined ? await mkdtemp(join(tmpdir(), 'holdfast-')) : resolve(wanted);
  if (wanted !== undefined) await mkdir(folder);
  await chmod(folder, 0o711);
  return folder;
};

const report = (error: unknown): void => console.error(`clean-up: ${error}`);
