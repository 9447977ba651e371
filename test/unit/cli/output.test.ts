import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createOutput } from '../../../src/cli/output.js';

const streamOf = (isTTY: boolean, columns = 80) => Object.assign(new PassThrough(), { isTTY, columns });

const outputOn = ({ terminal, json = false }: { terminal: boolean; json?: boolean }) => {
  const [stdin, stdout, stderr] = [streamOf(terminal), streamOf(terminal), streamOf(terminal)];
  const written = (stream: PassThrough): string => String(stream.read() ?? '');
  return {
    output: createOutput({ json, colour: true, stdin, stdout, stderr } as never),
    stdout: () => written(stdout),
    stderr: () => written(stderr),
    breakStdout: (code: string) => stdout.emit('error', Object.assign(new Error(code), { code })),
  };
};

describe('output on a terminal', () => {
  it('writes over the lines it drew before in one go, and clears what is left below', () => {
    const { output, stderr } = outputOn({ terminal: true });
    output.draw(['one', 'two']);
    stderr();
    output.draw(['three']);
    expect(stderr()).toBe('\x1b[2A\rthree\x1b[K\n\x1b[J');
  });

  it('writes nothing when the lines are the same', () => {
    const { output, stderr } = outputOn({ terminal: true });
    output.draw(['one']);
    stderr();
    output.draw(['one']);
    expect(stderr()).toBe('');
  });

  it('puts what is said above the drawn lines', () => {
    const { output, stderr } = outputOn({ terminal: true });
    output.draw(['one']);
    stderr();
    output.say('said');
    expect(stderr()).toBe('\x1b[1A\r\x1b[Jsaid\none\n');
  });

  it('is 80 wide where the terminal does not say its size', () => {
    const streams = { stdin: streamOf(true), stdout: streamOf(true), stderr: streamOf(true, 0) };
    expect(createOutput({ json: false, colour: true, ...streams } as never).width()).toBe(80);
  });

  it('paints', () => {
    expect(outputOn({ terminal: true }).output.paint('bold', 'x')).toBe('\x1b[1mx\x1b[22m');
  });
});

describe('output elsewhere', () => {
  it('draws nothing, paints nothing and asks nobody', () => {
    const { output, stderr } = outputOn({ terminal: false });
    output.draw(['one']);
    expect([stderr(), output.paint('red', 'x'), output.canAsk]).toEqual(['', 'x', false]);
  });

  it('keeps the answer on stdout and the rest on stderr', () => {
    const { output, stdout, stderr } = outputOn({ terminal: false, json: true });
    output.answerJson({ a: 1 });
    output.say('said');
    expect([JSON.parse(stdout()), stderr()]).toEqual([{ a: 1 }, 'said\n']);
  });

  it('takes a reader that went away as no error, and any other error as one', () => {
    const { breakStdout } = outputOn({ terminal: false });
    expect(() => breakStdout('EPIPE')).not.toThrow();
    expect(() => breakStdout('EIO')).toThrow('EIO');
  });
});
