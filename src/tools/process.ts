// The one file that starts processes. Programs are piped to each other in the kernel: nothing that runs between them enters
// this process. Each has a process group of its own, and what it leaves in its group goes with it.
import { createWriteStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { Readable, type Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { execa } from 'execa';
import { Failure } from '../domain/failure.js';
import type { Child } from './child.js';
import { type Command, programName } from './command.js';
import type { Ending } from './ending.js';
import { follow } from './follow.js';
import { signalGroup } from './group-signal.js';
import { type Launch, prepareLaunch } from './launch.js';
import { type Ended, NOT_REGISTERED, type PipelineOptions } from './run-context.js';
import { readWords } from './stderr-lines.js';
import { supervise } from './supervise.js';

export {
  type Ended,
  NOT_REGISTERED,
  type PipelineOptions,
  type ProcessRegister,
  type RunContext,
} from './run-context.js';

/**
 * Runs programs piped to each other. Resolves once every one of them ended well and `consume` is done. Otherwise all
 * are ended, nothing of them still runs, and it throws the cause: a program's Failure, what `consume` or the input
 * threw, STALLED, or the signal's reason.
 * @throws TOOL_MISSING before anything is started
 */
export const runPipeline = async (
  commands: readonly Command[],
  options: PipelineOptions,
): Promise<Ended[]> => {
  const launches = await prepared(commands, options);
  const [first, ...others] = startPiped(launches, options);
  return first === undefined ? [] : await supervise([first, ...others], options);
};

/** An input that nobody will read is closed. */
const prepared = async (
  commands: readonly Command[],
  { signal, input }: PipelineOptions,
): Promise<Launch[]> => {
  try {
    const launches = await Promise.all(commands.map(prepareLaunch));
    signal.throwIfAborted();
    return launches;
  } catch (error) {
    input?.destroy();
    throw error;
  }
};

const DEFAULT_TIMEOUT_MS = 60_000;

/**
 * Runs one short program to its end, with all of its stdout in memory. An exit code that is neither 0 nor accepted is
 * thrown as its Failure; too slow a program (default: a minute) as STALLED.
 */
export const runProgram = async (
  command: Command,
  options: { signal?: AbortSignal; timeoutMs?: number; input?: string } = {},
): Promise<{ exitCode: number; stdout: string; stderr: string }> => {
  const { timeoutMs = DEFAULT_TIMEOUT_MS, input } = options;
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(tooSlow(command, timeoutMs)), timeoutMs);
  let stdout = '';
  try {
    const [ended] = await runPipeline([command], {
      signal: AbortSignal.any([deadline.signal, ...(options.signal === undefined ? [] : [options.signal])]),
      processes: NOT_REGISTERED,
      stallTimeoutMs: 0,
      ...(input === undefined ? {} : { input: Readable.from([Buffer.from(input)]) }),
      consume: async (stream) => {
        stdout = await text(stream);
      },
    });
    return { exitCode: ended?.exitCode ?? 0, stdout, stderr: ended?.stderr ?? '' };
  } finally {
    clearTimeout(timer);
  }
};

const tooSlow = (command: Command, timeoutMs: number): Failure =>
  new Failure('STALLED', `${programName(command)} did not end within ${timeoutMs / 1000} s`);

const startPiped = (launches: readonly Launch[], options: PipelineOptions): Child[] => {
  const children: Child[] = [];
  for (const launch of launches) {
    const previous = children.at(-1);
    const first = options.input === undefined ? 'ignore' : 'pipe';
    const stdin = previous?.stdout ?? first;
    const into = launch === launches.at(-1) ? options.into : undefined;
    const onLine = (line: string): void => options.onStderrLine?.(launch.name, line);
    children.push(start(launch, { stdin, into, onLine }));
    // The pipe is the next program's now. Kept open here, it would hide that program's death from this one.
    previous?.stdout.destroy();
  }
  return children;
};

/** As a program's stdout. Nothing is written through it here, and the file stays its owner's to close. */
const openFile = ({ fd }: FileHandle): Writable => createWriteStream('', { fd, autoClose: false });

interface Ends {
  stdin: Readable | 'ignore' | 'pipe';
  /** The file that its stdout is. */
  into: FileHandle | undefined;
  onLine: (line: string) => void;
}

const start = (launch: Launch, { stdin, into, onLine }: Ends): Child => {
  const started = execa(launch.file, launch.args, {
    env: launch.env,
    extendEnv: false,
    stdio: [stdin, into === undefined ? 'pipe' : openFile(into), 'pipe'],
    buffer: false,
    reject: false,
    detached: true,
  });
  const { pid } = started;
  const words = readWords(started.stderr, { onLine, chatter: launch.command.chatter });
  let gone = false;
  const ended = started.then(({ exitCode, signal, originalMessage }): Ending => {
    if (pid !== undefined) signalGroup(pid, 'SIGKILL');
    gone = true;
    const { name, command } = launch;
    const [tail, both] = pid === undefined ? [originalMessage ?? '', ''] : [words.tail(), words.both()];
    return { name, command, exitCode: exitCode ?? null, signal: signal ?? null, words: both, tail };
  });
  const input = stdin === 'pipe' ? started.stdin : null;
  const stdout = into === undefined ? (started.stdout ?? Readable.from([])) : follow(into, ended);
  return { name: launch.name, pid, stdin: input, stdout, words, ended, gone: () => gone };
};
