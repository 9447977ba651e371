// holdfast on a terminal of its own: a pseudo-terminal of util-linux's script, which a test reads and types into.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stripVTControlCharacters } from 'node:util';
import { expect, vi } from 'vitest';

export interface Terminal {
  /** All that was shown, without colours and cursor movements. */
  shown(): string;
  /** Waits until that was shown since the last time somebody typed; fails when the command ends before. */
  shows(what: RegExp, withinMs?: number): Promise<void>;
  type(keys: string): void;
  /** Types the keys once the question is there. */
  answer(question: RegExp, keys: string, withinMs?: number): Promise<void>;
  exit: Promise<number>;
}

export const ENTER = '\r';
export const CTRL_C = '\x03';
export const DOWN = '\x1b[B';

export const openTerminal = (
  argv: readonly string[],
  { cwd, env }: { cwd: string; env: Record<string, string | undefined> },
): Terminal => {
  const line = argv.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  // So wide that each question stays on one line.
  const child = spawn('script', ['-qec', `stty cols 200 rows 50; exec ${line}`, '/dev/null'], {
    cwd,
    env: { ...process.env, ...env, TERM: 'xterm' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let raw = '';
  let typedAt = 0;
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      raw += text;
    });
  const exit = once(child, 'close').then(([code]: (number | null)[]) => code ?? -1);
  const since = () => stripVTControlCharacters(raw.slice(typedAt));
  const shows = async (what: RegExp, timeout = 60_000): Promise<void> => {
    const seen = vi.waitFor(() => expect(since()).toMatch(what), { timeout, interval: 20 });
    await Promise.race([seen, exit]);
    expect(since()).toMatch(what);
  };
  const type = (keys: string): void => {
    typedAt = raw.length;
    child.stdin.write(keys);
  };
  return {
    shown: () => stripVTControlCharacters(raw),
    shows,
    type,
    answer: async (question, keys, withinMs) => {
      await shows(question, withinMs);
      type(keys);
    },
    exit,
  };
};
