// What is done to a container, and how it can be told that something is being done to it.
import { constants } from 'node:os';
import { z } from 'zod';
import { docker } from './docker-call.js';
import type { Container } from './docker-inspect.js';
import { runProgram } from './process.js';

export type ContainerChange = 'start' | 'stop' | 'pause' | 'unpause';

const PAST_STOP_TIMEOUT_MS = 30_000;

/** Stopping takes as long as the container's own stop timeout lets it, so the call may take longer. */
export const changeContainer = async (
  change: ContainerChange,
  { id, stopTimeout }: Pick<Container, 'id' | 'stopTimeout'>,
): Promise<void> => {
  await docker(['container', change, id], { timeoutMs: stopTimeout * 1000 + PAST_STOP_TIMEOUT_MS });
};

/** What it printed last, both streams: why it ended. */
export const containerLog = async (id: string): Promise<string> => {
  const args = ['container', 'logs', '--tail', '20', id];
  const { stdout, stderr } = await runProgram({ program: 'docker', args });
  return `${stdout}${stderr}`.slice(-4000);
};

const PAST_STOP_MS = 10_000;

/**
 * Whether it was told to stop, and has time left to do so: a stop goes on in the engine although whoever asked for it is
 * gone, and until it ends the container looks as if it ran.
 */
export const isBeingStopped = async (container: Container): Promise<boolean> => {
  const now = Date.now();
  const earliest = now - container.stopTimeout * 1000 - PAST_STOP_MS;
  const since = Math.max(Date.parse(container.startedAt), earliest);
  const lines = await docker([
    'events',
    `--since=${new Date(since).toISOString()}`,
    `--until=${new Date(now).toISOString()}`,
    `--filter=container=${container.id}`,
    '--filter=event=kill',
    '--format={{json .}}',
  ]);
  const signals = lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => killEvent.parse(JSON.parse(line)).Actor.Attributes.signal);
  return signals.some((signal) => signalNumber(signal) === signalNumber(container.stopSignal));
};

const killEvent = z.object({ Actor: z.object({ Attributes: z.object({ signal: z.string() }) }) });

/** `15`, `TERM` and `SIGTERM` are one. */
const signalNumber = (signal: string): number => {
  const name = signal.startsWith('SIG') ? signal : `SIG${signal}`;
  return Object.entries(constants.signals).find(([known]) => known === name)?.[1] ?? Number(signal);
};
