// BACKUP_SYSTEM: who would hear of trouble. What no notifier on this host can tell is that this host itself is silent.
import type { Config, Deployment } from '../../config/config.js';
import type { NotifierSettings, PingSettings } from '../../config/notify-settings.js';
import { asFailure } from '../../domain/failure.js';
import type { Finding } from '../../domain/findings.js';
import { resolvedUrl } from '../../notifications/resolve.js';
import { readNotifiers } from '../../operations/notify/notifier-state.js';
import { finding } from './check.js';

const AREA = 'BACKUP_SYSTEM';

export const lookAtNotifiers = async (config: Config, { name }: Deployment): Promise<Finding[]> => {
  const told = config.notify.filter(({ deployments }) => deployments === null || deployments.includes(name));
  const failing = await failingNotifiers(config.state, told);
  if (!hasSchedule(config, name)) return failing;
  return [...failing, ...(await lookAtSilence(told))];
};

/** Where nothing is made by itself, silence means nothing. */
const hasSchedule = ({ routines }: Config, deployment: string): boolean =>
  (routines[deployment]?.tiers ?? []).some(({ schedule, from }) => schedule !== null && from === null);

const failingNotifiers = async (state: string, told: readonly NotifierSettings[]): Promise<Finding[]> => {
  const notifiers = await readNotifiers(state, told).catch(() => []);
  return notifiers.flatMap(({ name, failingSince, lastError, waiting }) =>
    failingSince === null
      ? []
      : [
          finding(
            AREA,
            'warning',
            `notifier ${name} has been failing since ${failingSince.slice(0, 16).replace('T', ' ')} UTC, ${waiting} waiting: ${lastError}`,
            'mend it, and try it: holdfast doctor --notify',
          ),
        ],
  );
};

const lookAtSilence = async (told: readonly NotifierSettings[]): Promise<Finding[]> => {
  if (told.length === 0)
    return [
      finding(
        AREA,
        'warning',
        'nobody is told when a backup fails',
        'name somebody: notify in holdfast.yaml',
      ),
    ];
  const pings = told.filter(
    (one): one is PingSettings => one.kind === 'ping' && one.on.includes('succeeded'),
  );
  const looked = await Promise.all(pings.map(elsewhere));
  const problems = looked.filter((one) => one.level === 'problem');
  const well = looked.filter((one) => one.level === 'ok');
  return well.length > 0 || problems.length > 0 ? [...problems, ...well] : [UNNOTICED];
};

const UNNOTICED = finding(
  AREA,
  'warning',
  'nothing outside this host would notice if it fell silent: nobody hears of a backup that is never tried',
  'add a ping to a service elsewhere that expects one for each backup: notify in holdfast.yaml',
);

/** `warning`: it stays on this host. */
const elsewhere = async ({ name, path, url }: PingSettings): Promise<Finding> => {
  try {
    const { hostname } = await resolvedUrl(url, { path, protocols: ['https:', 'http:'] });
    return LOOPBACK.test(hostname)
      ? UNNOTICED
      : finding(AREA, 'ok', `${name}: ${hostname} expects a sign of life of each backup`);
  } catch (error) {
    const { message, hint } = asFailure(error);
    return finding(AREA, 'problem', message, hint);
  }
};

const LOOPBACK = /^(localhost|127\..*|\[::1\]|.*\.localhost)$/;
