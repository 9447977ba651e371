// The one file that prints. The rules of the user interface:
//
// - stdout carries the answer and nothing else: a table, an id, or with --json one JSON object or array.
// - stderr carries everything that is said on the way: progress, questions, `error:` and `hint:`.
// - A failure is one sentence after `error:` and one next step after `hint:`; what proves it stands above them.
// - Lines are redrawn on a terminal only; elsewhere every line stands for itself and is written once.
// - Colour only emphasises what the words say already, only on a terminal, and never when NO_COLOR is set.
// - A reader that goes away (`| head`) is no error.
import type { Readable } from 'node:stream';
import type { WriteStream } from 'node:tty';
import { createPaint, type Paint } from './render/paint.js';

export interface Output {
  readonly json: boolean;
  /** stderr is a terminal: lines can be redrawn. */
  readonly live: boolean;
  /** Somebody is there to answer a question. */
  readonly canAsk: boolean;
  /** For what is said; `paintAnswer` for the answer. */
  readonly paint: Paint;
  readonly paintAnswer: Paint;
  answer(text: string): void;
  answerJson(value: unknown): void;
  say(line: string): void;
  /** Replaces the lines drawn before; no lines: takes them away. Does nothing where nothing can be redrawn. */
  draw(lines: readonly string[]): void;
  width(): number;
}

export interface OutputOptions {
  json: boolean;
  colour: boolean;
  stdin: Readable & { isTTY?: boolean };
  stdout: OutputStream;
  stderr: OutputStream;
}

type OutputStream = Pick<WriteStream, 'write' | 'on'> & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>;

export const createOutput = ({ json, colour, stdin, stdout, stderr }: OutputOptions): Output => {
  for (const stream of [stdout, stderr]) stream.on('error', ignoreBrokenPipe);
  const live = stderr.isTTY === true;
  // A terminal that does not say its size has 0 columns.
  const width = () => stderr.columns || 80;
  const screen = createScreen(stderr);
  return {
    json,
    live,
    canAsk: live && stdin.isTTY === true,
    paint: createPaint(colour && live),
    paintAnswer: createPaint(colour && stdout.isTTY === true),
    answer: (text) => stdout.write(`${text}\n`),
    answerJson: (value) => stdout.write(`${JSON.stringify(value, null, 2)}\n`),
    say: (line) => screen.above(`${line}\n`),
    draw: (lines) => {
      if (live) screen.draw(lines);
    },
    width,
  };
};

/** Keeps some lines at the bottom of the terminal. Each change is one write, so nothing flickers. */
const createScreen = (stream: OutputStream) => {
  let drawn: readonly string[] = [];
  const wipe = () => (drawn.length === 0 ? '' : `\x1b[${drawn.length}A\r\x1b[J`);
  const block = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');
  return {
    above: (text: string) => stream.write(`${wipe()}${text}${block(drawn)}`),
    draw: (lines: readonly string[]) => {
      if (lines.join('\n') === drawn.join('\n')) return;
      stream.write(redraw(drawn.length, lines));
      drawn = [...lines];
    },
  };
};

/** Writes over the old lines instead of wiping them first. */
const redraw = (before: number, lines: readonly string[]): string => {
  const up = before === 0 ? '' : `\x1b[${before}A\r`;
  return `${up}${lines.map((line) => `${line}\x1b[K\n`).join('')}\x1b[J`;
};

const ignoreBrokenPipe = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'EPIPE') throw error;
};
