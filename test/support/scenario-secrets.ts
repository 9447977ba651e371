// Looks for secrets wherever somebody else could find them: in what every process is started with while a story goes on, in
// files, and in Temporal's histories.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { processesOf } from './scenario-processes.js';
import { temporal } from './temporal-outside.js';

/** By what each is for. */
export type Secrets = Readonly<Record<string, string>>;

/** One line for each secret in it, naming the place and never the secret. */
export const secretsIn = (text: string, secrets: Secrets, place: string): string[] =>
  Object.entries(secrets)
    .filter(([, secret]) => text.includes(secret) || text.includes(encodeURIComponent(secret)))
    .map(([what]) => `${what} in ${place}`);

const EVERY_MS = 15;

/** Who resolves references was given their variables by whoever started it; nobody else may have them. */
const RESOLVES = /(bin\/holdfast\.js|dist\/worker\.js)/;

/**
 * Watches the command line and the environment of every process of a story until it is stopped.
 * @param given secrets that a program can be given by its environment only, by the program's name
 */
export const watchProcesses = (user: string, secrets: Secrets, given: Record<string, Secrets> = {}) => {
  const found = new Set<string>();
  const seen = new Set<string>();
  let watching = true;
  const look = async (): Promise<void> => {
    for (const { pid, words } of await processesOf(user)) {
      const program = programOf(words);
      seen.add(program);
      for (const line of secretsIn(words, secrets, `the command line of ${words.slice(0, 80)}`))
        found.add(line);
      if (RESOLVES.test(words)) continue;
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      const own = Object.keys(given[program] ?? {});
      const others = Object.fromEntries(Object.entries(secrets).filter(([what]) => !own.includes(what)));
      for (const line of secretsIn(environment, others, `the environment of ${words.slice(0, 80)}`))
        found.add(line);
    }
  };
  const looking = (async () => {
    while (watching) {
      await look();
      await pause(EVERY_MS);
    }
  })();
  return {
    /** Whether such a program was looked at. One that is over in a moment may fall between two looks. */
    saw: (program: string): boolean => [...seen].some((one) => one.endsWith(program)),
    /** What was found. */
    stop: async (): Promise<string[]> => {
      watching = false;
      await looking;
      return [...found];
    },
  };
};

/** What starts another program counts as that one. */
const programOf = (words: string): string => words.replace(/^\S*setpriv .*? -- /, '').split(' ')[0] ?? '';

/** Every file below, whatever it is, as bytes. @param except what may hold secrets: names below the folder */
export const secretsInFiles = async (folder: string, secrets: Secrets, except = /^$/): Promise<string[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const found = await Promise.all(
    files
      .filter((file) => !except.test(file.slice(folder.length + 1)))
      .map(async (file) => secretsIn((await readFile(file)).toString('latin1'), secrets, file)),
  );
  return found.flat();
};

/** The history of every run, with its payloads decoded. @returns how many runs there were, too */
export const secretsInHistories = async (
  state: string,
  secrets: Secrets,
): Promise<{ runs: number; found: string[] }> => {
  const list = await temporal(state, 'workflow', 'list', '--limit', '1000', '--output', 'json');
  const runs: { execution: { workflowId: string; runId: string } }[] = JSON.parse(
    list.said.slice(0, list.said.lastIndexOf(']') + 1),
  );
  const found: string[] = [];
  for (const { execution } of runs) {
    const { workflowId, runId } = execution;
    const { said } = await temporal(
      state,
      ...['workflow', 'show', '--workflow-id', workflowId, '--run-id', runId, '--output', 'json'],
    );
    found.push(...secretsIn(decoded(said), secrets, `the history of ${workflowId}`));
  }
  return { runs: runs.length, found };
};

/** With whatever is base64 in it written out behind it. */
const decoded = (json: string): string =>
  [json, ...[...json.matchAll(/"data": ?"([A-Za-z0-9+/=]+)"/g)].map(([, data = '']) => atob(data))].join(
    '\n',
  );
