// Whether a restic repository can be used: asked before a backup begins, and by doctor.
import { resticProbe } from '../../tools/restic.js';
import { ask, isThere, type ResticSession, requirePlace } from './session.js';

/** One that is not there yet is made by the first backup. The probe needs the password, and writes and removes a lock. */
export const checkRestic = async (session: ResticSession): Promise<void> => {
  if (await isThere(session)) await ask(session, resticProbe);
  else await requirePlace(session.settings);
};
