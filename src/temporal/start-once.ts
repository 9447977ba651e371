// Starts `holdfast up --once` for a command: its stdin is a pipe that only this process holds, so the end of this process,
// however it comes, tells it that nobody needs it any more.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Config } from '../config/config.js';
import { Failure } from '../domain/failure.js';
import { isFailureCode } from '../domain/failure-codes.js';
import { createStateFolder } from '../operations/state-folder.js';
import { startDaemon } from '../tools/daemon.js';

export interface OneTimeServer {
  isRunning(): boolean;
  /** Says what it has said since the last time. */
  report(): Promise<void>;
  /** Why it ended; null while it runs, and when it ended well. */
  failure(): Promise<Failure | null>;
}

export const startOnce = async (
  config: Pick<Config, 'file' | 'state'>,
  say: (line: string) => void,
): Promise<OneTimeServer> => {
  await createStateFolder(config.state);
  const log = join(config.state, 'up.log');
  const daemon = await startDaemon({
    program: process.execPath,
    args: [holdfast(), 'up', '--once', '--json', '--config', config.file],
    env: process.env,
    log,
    stdin: 'pipe',
    stdout: 'pipe',
    life: 'own',
  });
  const answer = daemon.stdout === null ? Promise.resolve('') : text(daemon.stdout);
  return {
    isRunning: () => daemon.exit() === null,
    report: reporter(log, say),
    failure: async () => {
      const exit = daemon.exit();
      return exit === null || exit.exitCode === 0 ? null : asTold(await answer, log);
    },
  };
};

const holdfast = (): string => fileURLToPath(new URL('../../bin/holdfast.js', import.meta.url));

/** Whole lines only, each once; its `error:` and `hint:` come as the failure. */
const reporter = (log: string, say: (line: string) => void) => {
  let told = 0;
  return async (): Promise<void> => {
    const written = await readFile(log, 'utf8').catch(() => '');
    const fresh = written.slice(told, written.lastIndexOf('\n') + 1);
    told += fresh.length;
    for (const line of fresh.split('\n')) if (line !== '' && !/^(error|hint):/.test(line)) say(line);
  };
};

/** With --json, `up` answers with the failure's facts. */
const asTold = (answer: string, log: string): Failure => {
  const { code, message, hint, evidence } = facts(answer);
  if (isFailureCode(code) && typeof message === 'string') {
    return new Failure(code, message, {
      hint: typeof hint === 'string' ? hint : undefined,
      evidence: typeof evidence === 'string' ? evidence : undefined,
    });
  }
  return new Failure('NO_AGENT', 'holdfast up ended at once', { hint: `read ${log}` });
};

const facts = (answer: string): Record<string, unknown> => {
  try {
    const { error } = JSON.parse(answer);
    return typeof error === 'object' && error !== null ? error : {};
  } catch {
    return {};
  }
};
