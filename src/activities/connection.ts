// What the programs of a backup must fit.
import type { DatabaseTarget } from '../config/targets.js';
import { checkServer } from '../database/preflight.js';

/** 15 for 15.18; the role may dump. */
export const serverMajor = async (server: DatabaseTarget, applicationName: string): Promise<number> =>
  Math.floor((await checkServer(server, { applicationName })).serverVersion / 10000);
