// A file of test/fixtures as a process of its own: TypeScript, or JavaScript, which starts sooner and reads dist.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, vi } from 'vitest';

export interface NodeProcess {
  pid: number;
  /** Everything on stdout so far. */
  said(): string;
  /** Waits until it has said that. */
  says(what: string | RegExp): Promise<void>;
  endInput(): void;
  kill(signal: NodeJS.Signals): void;
  /** Exit code or signal. */
  ended: Promise<number | string | null>;
}

export const startFixture = (name: string, args: string[], env: NodeJS.ProcessEnv = {}): NodeProcess => {
  const file = fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
  const child = spawn(
    process.execPath,
    [...(name.endsWith('.ts') ? ['--import', 'tsx'] : []), file, ...args],
    {
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const ended = end(child);
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  return {
    pid: child.pid ?? 0,
    said: () => said,
    says: async (what) => {
      const heard = vi.waitFor(() => expect(said).toMatch(what), { timeout: 60_000, interval: 20 });
      await Promise.race([heard, ended]);
      expect(said).toMatch(what);
    },
    endInput: () => child.stdin.end(),
    kill: (signal) => void child.kill(signal),
    ended,
  };
};

const end = async (child: ChildProcess): Promise<number | string | null> => {
  const [exitCode, signal] = await once(child, 'close');
  return signal ?? exitCode;
};
