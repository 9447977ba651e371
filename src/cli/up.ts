// `holdfast up`: server and agent in the foreground, until SIGTERM or Ctrl-C; with --once, until nobody needs them.
import { loadConfig } from '../config/load.js';
import { keepSchedules } from '../temporal/keep-schedules.js';
import { supervise } from '../temporal/supervisor.js';

export interface UpOptions {
  config?: string;
  once: boolean;
}

/** Returns when everything is stopped. @throws Failure */
export const up = async ({ config: file, once }: UpOptions, say: (line: string) => void): Promise<void> => {
  const config = await loadConfig(file === undefined ? {} : { file });
  const told = new AbortController();
  const stop = () => told.abort();
  for (const signal of SIGNALS) process.on(signal, stop);
  try {
    await supervise({
      ...{ config, say, stop: told.signal },
      until: once ? process.stdin : undefined,
      // An edited holdfast.yaml counts when the server is replaced, too.
      onServing: (over) =>
        void keepSchedules({ load: () => loadConfig({ file: config.file }), say, stop: over }),
    });
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop);
    if (once) process.stdin.destroy(); // a terminal would keep this process waiting
  }
};

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
