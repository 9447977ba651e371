// The services of a crash world: one that runs, one that somebody had stopped before. Both are tiny commands with a state file.
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../fixtures/programs/state-service/state-service', import.meta.url));

/** What each was doing before any operation, and has to be doing after every one. */
const BEFORE = { web: 'running', worker: 'stopped' };

export const createServices = async (folder: string): Promise<void> => {
  await mkdir(servicesFolder(folder));
  await symlink(PROGRAM, program(folder));
  for (const [name, state] of Object.entries(BEFORE))
    await writeFile(join(servicesFolder(folder), name), `${state}\n`);
};

/** Services, hook and health check, as a deployment names them: JSON, which is YAML too. */
export const serviceSettings = (folder: string): string => {
  const run = (verb: string, name: string) => [program(folder), verb, servicesFolder(folder), name];
  const service = (name: string) => ({
    command: { stop: run('stop', name), start: run('start', name), status: run('status', name) },
    duringBackup: 'stop',
  });
  const settings = {
    services: Object.keys(BEFORE).map(service),
    hooks: { afterRestore: [run('hook', 'hooked')] },
    health: { within: '20s', checks: [{ command: run('healthy', 'web') }] },
  };
  return Object.entries(settings)
    .map(([key, value]) => `    ${key}: ${JSON.stringify(value)}\n`)
    .join('');
};

/** Services that are not as they were; empty for a world without any. */
export const changedServices = async (folder: string): Promise<string[]> => {
  const names = await readdir(servicesFolder(folder)).catch(() => []);
  if (names.length === 0) return [];
  const changes = await Promise.all(
    Object.entries(BEFORE).map(async ([name, state]) => {
      const now = (await readFile(join(servicesFolder(folder), name), 'utf8')).trim();
      return now === state ? [] : [`service ${name}: was ${state}, is ${now}`];
    }),
  );
  return changes.flat();
};

/** Guards whose services are in that folder. Linux only: elsewhere there is no /proc to look into. */
export const guardsOf = async (folder: string): Promise<string[]> => {
  const names = await readdir('/proc').catch(() => []);
  const lines = await Promise.all(
    names
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return lines
    .filter((line) => line.includes('dist/guard.js') && line.includes(`${folder}/`))
    .map((line) => `guard: ${line.split('\0').join(' ').trim()}`);
};

/** Under the world's own name, so that its effects are called the same in every checkout. */
const program = (folder: string): string => join(folder, 'service');
const servicesFolder = (folder: string): string => join(folder, 'services');
