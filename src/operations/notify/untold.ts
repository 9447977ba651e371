// What nobody has told yet, every minute: the end of runs that were cut off, tiers without a backup, and what could not be
// delivered so far.
import type { Config } from '../../config/config.js';
import type { Holder } from '../record.js';
import { type RunEnd, tellLostRuns } from './open-runs.js';
import { forgetOldIds } from './outbox.js';
import { tellOverdue } from './overdue.js';
import type { Teller } from './tell.js';

export interface UntoldOptions {
  state: string;
  configured: () => Promise<Config>;
  runEnd: (holder: Holder) => Promise<RunEnd>;
  now: () => Date;
}

/** What was missed while this host was off is caught up first; runs that were missed begin up to their jitter later. */
const CATCHING_UP_MS = 300_000;

/** Gives what is to be done each time. */
export const createUntold = (teller: Teller, { state, configured, runEnd, now }: UntoldOptions) => {
  const begun = now().getTime();
  const telling = { state, tell: teller.tell, now };
  return async (): Promise<void> => {
    await forgetOldIds(state, now());
    await tellLostRuns({ ...telling, runEnd });
    if (now().getTime() - begun > CATCHING_UP_MS) await tellOverdue(await configured(), telling);
    await teller.deliver();
  };
};
