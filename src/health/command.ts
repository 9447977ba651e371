// command: a program of the deployment's owner that exits with 0 when all is well.
import { commandText, configuredCommand, runConfigured } from '../tools/configured-command.js';
import type { Probe } from './health-check.js';

export const commandProbe = ({ command }: { command: readonly string[] }): Probe => ({
  label: commandText(command),
  look: async (signal) => {
    const { exitCode, summary } = await runConfigured(configuredCommand(command), { signal });
    return exitCode === 0
      ? { ok: true, words: 'exited with 0' }
      : { ok: false, words: `failed (${summary})` };
  },
});
