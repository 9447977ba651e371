// Whether a notifier is told of an event.
import type { NotifierSettings } from '../config/notify-settings.js';
import type { Happening } from '../domain/events.js';

/** A check that pings keep quiet watches backups: a verification that went well is no sign of life of them. */
export const wants = (
  { kind: notifier, on, deployments }: Pick<NotifierSettings, 'kind' | 'on' | 'deployments'>,
  { kind, what, deployment }: Pick<Happening, 'kind' | 'what' | 'deployment'>,
): boolean => {
  if (!on.includes(kind)) return false;
  if (deployments !== null && deployment !== '' && !deployments.includes(deployment)) return false;
  return notifier !== 'ping' || what === 'backup' || (kind !== 'started' && kind !== 'succeeded');
};
