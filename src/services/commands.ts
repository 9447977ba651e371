// Services that only their owner's commands know. `status` says by its exit code what is: 0 runs, 1 or 3 does not (3 is what
// the Linux Standard Base says); anything else is not an answer. There is no command that pauses.
import { Failure } from '../domain/failure.js';
import { commandText, configuredCommand, runConfigured } from '../tools/configured-command.js';
import { findProgram } from '../tools/find-program.js';
import { runServiceCommand } from '../tools/service-command.js';
import type { Driver, Sight } from './driver.js';
import type { CommandUnit, UnitPlace } from './service-unit.js';

type Commands = Pick<CommandUnit, 'stop' | 'start' | 'status'>;

/** @throws TOOL_MISSING for any of the three; SERVICE_FAILED when `status` has no answer */
export const findCommandUnit = async (commands: Commands, place: UnitPlace): Promise<CommandUnit> => {
  const { stop, start, status } = commands;
  for (const [program = ''] of [stop, start, status]) await findProgram(program);
  if (place.duringBackup === 'pause') throw notPausable();
  const state = await answerOf(status);
  return {
    ...place,
    kind: 'command',
    label: `command ${commandText(stop)}`,
    state,
    steady: true,
    stop,
    start,
    status,
  };
};

export const openCommands = ({ stop, start, status }: CommandUnit): Driver => ({
  look: (): Promise<Sight> => answerOf(status),
  stop: () => runServiceCommand(stop),
  start: () => runServiceCommand(start),
  pause: () => Promise.reject(notPausable()),
  unpause: () => Promise.reject(notPausable()),
  lastWords: async () => (await askStatus(status)).tail,
});

const notPausable = (): Failure =>
  new Failure('SERVICE_FAILED', 'a service that is run by commands cannot be paused', {
    hint: 'set its duringBackup to stop or keep',
    retryable: false,
  });

const answerOf = async (status: readonly string[]): Promise<'running' | 'stopped'> => {
  const { exitCode, summary, tail } = await askStatus(status);
  if (exitCode === 0) return 'running';
  if (exitCode === 1 || exitCode === 3) return 'stopped';
  throw new Failure(
    'SERVICE_FAILED',
    `${commandText(status)} does not say whether the service runs: ${summary}`,
    {
      hint: 'it must exit with 0 while the service runs, and with 3 or 1 while it does not',
      evidence: tail,
    },
  );
};

const STATUS_TIMEOUT_MS = 30_000;

const askStatus = (status: readonly string[]) =>
  runConfigured(configuredCommand(status), { signal: AbortSignal.timeout(STATUS_TIMEOUT_MS) });
