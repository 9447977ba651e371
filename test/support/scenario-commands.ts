// holdfast as people use it: its built command line, in processes of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { expect, vi } from 'vitest';
import type { Scenario } from './scenario.js';

const BINARY = fileURLToPath(new URL('../../bin/holdfast.js', import.meta.url));

export interface Ended {
  /** A signal's name when one ended it. */
  exit: number | string;
  stdout: string;
  stderr: string;
  seconds: number;
}

export interface Command {
  pid: number;
  stdout(): string;
  stderr(): string;
  /** Waits until it has said that on stderr; fails when it ends before. */
  says(what: RegExp, withinMs?: number): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  ended: Promise<Ended>;
}

export interface HowToRun {
  /** On top of this process's environment. */
  env?: Record<string, string>;
  /** Words in front of the command, such as `setpriv …`. */
  prefix?: readonly string[];
  /** Leaves `--config` out, or names another file. */
  config?: string | null;
  /** The current folder; `/` if it is left out. */
  cwd?: string;
}

export const startCommand = (scenario: Scenario, args: readonly string[], how: HowToRun = {}): Command => {
  const startedAt = Date.now();
  const config = how.config === undefined ? scenario.config : how.config;
  const [file = '', ...rest] = [
    ...untilWeEnd(),
    ...(how.prefix ?? []),
    process.execPath,
    BINARY,
    ...args,
    ...(config === null ? [] : ['--config', config]),
  ];
  const env = { ...process.env, NO_COLOR: '1', USER: scenario.user, ...how.env };
  const child = spawn(file, rest, { cwd: how.cwd ?? '/', env, stdio: ['ignore', 'pipe', 'pipe'] });
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  const ended = once(child, 'close').then(([code, signal]: (number | string | null)[]): Ended => {
    return {
      exit: signal ?? code ?? 0,
      stdout: stdout(),
      stderr: stderr(),
      seconds: (Date.now() - startedAt) / 1000,
    };
  });
  return {
    pid: child.pid ?? 0,
    stdout,
    stderr,
    says: async (what, timeout = 30_000) => {
      const heard = vi.waitFor(() => expect(stderr()).toMatch(what), { timeout, interval: 20 });
      await Promise.race([heard, ended]);
      expect(stderr()).toMatch(what);
    },
    kill: (signal) => void child.kill(signal),
    ended,
  };
};

/** A test file that breaks off leaves nobody serving: the kernel ends what it started, where it can. */
const untilWeEnd = (): string[] =>
  process.platform === 'linux' ? ['setpriv', '--pdeathsig', 'TERM', '--'] : [];

const collect = (stream: Readable): (() => string) => {
  let said = '';
  stream.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  return () => said;
};

/** Runs a command to its end, whatever that is. */
export const holdfast = (scenario: Scenario, args: readonly string[], how: HowToRun = {}): Promise<Ended> =>
  startCommand(scenario, args, how).ended;

/** Runs a command that has to succeed; gives what `--json` answered, which has to be all of stdout. */
export const answerOf = async <T = Record<string, unknown>>(
  scenario: Scenario,
  args: readonly string[],
): Promise<T> => {
  const { exit, stdout, stderr } = await holdfast(scenario, [...args, '--json']);
  expect({ exit, stdout, stderr }).toEqual({ exit: 0, stdout, stderr });
  return JSON.parse(stdout);
};

/** Makes a backup and gives its id. */
export const backUp = async (scenario: Scenario, deployment = 'edms', ...args: string[]): Promise<string> =>
  String((await answerOf(scenario, ['backup', deployment, ...args])).backup);

export const restore = (scenario: Scenario, backup: string, deployment = 'edms', ...args: string[]) =>
  answerOf(scenario, ['restore', deployment, backup, '--confirm', deployment, ...args]);

export interface Serving extends Command {
  agentPid: number;
  serverPid: number;
  /** SIGTERM, and everything is gone. */
  stop(): Promise<void>;
}

/** `holdfast up`, ready to serve; the scenario's programs come first on its PATH. */
export const serve = async (scenario: Scenario, how: HowToRun = {}): Promise<Serving> => {
  const env = { PATH: [scenario.programs, process.env.PATH ?? ''].join(delimiter), ...how.env };
  const up = startCommand(scenario, ['up'], { ...how, env });
  await up.says(/agent ready/);
  const pid = (what: RegExp) => Number(what.exec(up.stderr())?.[1]);
  return {
    ...up,
    agentPid: pid(/agent ready \(process (\d+)\)/),
    serverPid: pid(/Temporal server \w+ \(process (\d+)\)/),
    stop: async () => {
      up.kill('SIGTERM');
      await up.ended;
    },
  };
};
