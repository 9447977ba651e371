// holdfast from outside: its command line, as a user types it.
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { Sandbox } from './sandbox.js';

export const BINARY = fileURLToPath(new URL('../bin/holdfast.js', import.meta.url));

/** Where commands run: a sandbox, and the configuration in it. */
export interface Place {
  sandbox: Sandbox;
  config: string;
}

export interface Answer {
  stdout: string;
  seconds: number;
}

/** Runs one command to its end; what it says is passed through, unless it answers with JSON. */
export const holdfast = async ({ sandbox, config }: Place, ...args: string[]): Promise<Answer> => {
  console.error(`\n$ holdfast ${args.join(' ')}`);
  const { stdout, durationMs } = await execa(process.execPath, [BINARY, ...args, '--config', config], {
    stdin: 'ignore',
    stdout: args.includes('--json') ? 'pipe' : ['pipe', 'inherit'],
    stderr: 'inherit',
    cancelSignal: sandbox.interrupted,
    forceKillAfterDelay: 30_000,
  });
  return { stdout, seconds: durationMs / 1000 };
};

export interface Serving {
  /** Where the Temporal UI is, as `up` said. */
  uiUrl: string;
  agentPid: number;
}

/** Starts `holdfast up`, which ends with the sandbox; settles when it says that its agent is ready. */
export const serve = async ({ sandbox, config }: Place): Promise<Serving> => {
  console.error('\n$ holdfast up');
  const up = execa(process.execPath, [BINARY, 'up', '--config', config], {
    stdin: 'ignore',
    stderr: ['pipe', 'inherit'],
    reject: false,
    buffer: false,
    forceKillAfterDelay: 60_000,
  });
  sandbox.atEnd(async () => {
    up.kill('SIGTERM');
    await up;
  });
  const said = await untilSaid(up.stderr, /agent ready .*\n/);
  const uiUrl = /https?:\/\/\S+/.exec(said)?.[0];
  const agentPid = Number(/agent ready \(process (\d+)\)/.exec(said)?.[1]);
  if (uiUrl === undefined) throw new Error('holdfast up ended before it served');
  return { uiUrl, agentPid };
};

/** All that was said, once it matches or nothing more can come. */
const untilSaid = (from: Readable, pattern: RegExp): Promise<string> =>
  new Promise((resolve) => {
    let said = '';
    from.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (pattern.test(said)) resolve(said);
    });
    from.on('end', () => resolve(said));
  });
