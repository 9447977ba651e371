// How long a repository is waited for. Whoever must be through at a certain time (a page that people and monitoring look at)
// gives one that has a limit; everybody else waits for what the repository itself gives up.
import type { RepositorySettings } from '../config/config.js';

export type Answering = <T>(settings: RepositorySettings, ask: () => Promise<T>) => Promise<T>;

export const unlimited: Answering = (_settings, ask) => ask();
