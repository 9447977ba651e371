// holdfast from outside: its command line, as a user types it.
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { Sandbox } from './sandbox.js';

const BINARY = fileURLToPath(new URL('../bin/holdfast.js', import.meta.url));

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
  /** The process of `holdfast up`. */
  pid: number;
}

/** Starts `holdfast up`, which ends with the sandbox; settles when it says where the UI is. */
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
  const uiUrl = await firstUrl(up.stderr, sandbox.interrupted);
  if (uiUrl === undefined || up.pid === undefined) throw new Error('holdfast up ended before it served');
  return { uiUrl, pid: up.pid };
};

const firstUrl = async (
  lines: NodeJS.ReadableStream | null,
  interrupted: AbortSignal,
): Promise<string | undefined> => {
  let said = '';
  for await (const chunk of lines ?? []) {
    said += chunk;
    const url = /https?:\/\/\S+/.exec(said)?.[0];
    if (url !== undefined || interrupted.aborted) {
      lines?.resume();
      return url;
    }
  }
  return undefined;
};
