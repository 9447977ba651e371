// By a command of the operator's: the event is its stdin, as JSON. No shell, and it dies with the agent.
import { Readable } from 'node:stream';
import type { CommandSettings } from '../config/notify-settings.js';
import { Failure } from '../domain/failure.js';
import { configuredCommand, runConfigured } from '../tools/configured-command.js';
import type { Deliver } from './notifier.js';

export const deliverByCommand =
  ({ argv }: CommandSettings): Deliver =>
  async (event, signal) => {
    const { kind, deployment, title, test } = event;
    const command = configuredCommand(argv, {
      HOLDFAST_EVENT: kind,
      HOLDFAST_DEPLOYMENT: deployment,
      HOLDFAST_TITLE: title,
      HOLDFAST_TEST: test ? '1' : '',
    });
    const input = Readable.from([Buffer.from(`${JSON.stringify(event)}\n`)]);
    const { exitCode, summary, tail } = await runConfigured(command, { signal, input });
    if (exitCode === 0) return;
    throw new Failure('NOTIFY_FAILED', `${argv[0]}: ${summary}`, {
      hint: 'run it by hand, as the agent’s user, with an event as JSON on stdin',
      evidence: tail,
    });
  };
