// Watches over programs that run: the first thing that goes wrong ends them all, and the run is over when all are gone.
import type { Readable } from 'node:stream';
import { asFailure, Failure } from '../domain/failure.js';
import { allGone, type Child, register, unregister } from './child.js';
import { createHalt, type Halt } from './halt.js';
import type { Ended, PipelineOptions } from './run-context.js';
import { watchForStall } from './stall-watch.js';
import { type CountedStream, endingOnlyAfter, type Feed, feed } from './streams.js';
import { verdictOf } from './verdict.js';

/** @param children in the order of the pipe; nothing may be awaited between their start and this call */
export const supervise = async (
  children: readonly [Child, ...Child[]],
  options: PipelineOptions,
): Promise<Ended[]> => {
  const { stdin } = children[0];
  const input = options.input === undefined || stdin === null ? null : feed(options.input, stdin);
  const passing: Readable[] = options.input === undefined ? [] : [options.input];
  const halt = createHalt(options.signal, children, passing);
  const judged = options.inputMayBeLeft === true ? null : input;
  const verdict = verdictOf(children, judged, halt.afterFailure);
  verdict.catch(halt.afterFailure);
  const output = endingOnlyAfter(verdict, (children.at(-1) ?? children[0]).stdout);
  passing.push(output.stream);

  const unwatch = watch({ children, input, output, options, halt });
  await Promise.allSettled([
    Promise.all(children.map(({ ended }) => ended)),
    register(children, options.processes).catch(halt.because),
    consumeAll(output.stream, options).catch((error) => halt.because(diskFullOr(error))),
    verdict,
  ]);
  unwatch();
  halt.release();
  if (halt.halted()) await allGone(children);
  await unregister(children, options.processes);
  halt.throwIfHalted();
  return (await verdict).map(({ name, exitCode, tail }) => ({
    program: name,
    exitCode: exitCode ?? 0,
    stderr: tail,
  }));
};

interface Run {
  children: readonly Child[];
  input: Feed | null;
  output: CountedStream;
  options: PipelineOptions;
  halt: Halt;
}

const watch = ({ children, input, output, options, halt }: Run): (() => void) => {
  const report = (): void => options.onProgress?.((input ?? output).bytes());
  const unwatch = watchForStall({
    signsOfLife: () =>
      output.bytes() +
      (input?.bytes() ?? 0) +
      children.reduce((lines, { words }) => lines + words.count(), 0),
    // Once it has all of its input a program may work for hours without a word: pg_restore while it builds indexes.
    expectsMovement: () => input === null || !input.finished(),
    stallTimeoutMs: options.stallTimeoutMs,
    onTick: report,
    onStall: () => halt.because(stalled(children, options.stallTimeoutMs)),
  });
  return () => {
    unwatch();
    report();
  };
};

const stalled = (children: readonly Child[], stallTimeoutMs: number): Failure => {
  const programs = children.map(({ name }) => name).join(' | ');
  return new Failure('STALLED', `no byte moved for ${stallTimeoutMs / 1000} s: ${programs}`, {
    evidence: children
      .map(({ words }) => words.tail())
      .join('')
      .slice(-4096),
  });
};

const consumeAll = async (stdout: Readable, options: PipelineOptions): Promise<void> => {
  await options.consume(stdout);
  stdout.resume();
};

const diskFullOr = (error: unknown): unknown => {
  const failure = asFailure(error);
  return failure.code === 'DISK_FULL' ? failure : error;
};
