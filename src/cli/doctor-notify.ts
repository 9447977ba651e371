// holdfast doctor --notify: everybody who is to be told gets a message that says that it is a test.
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Config } from '../config/config.js';
import { type Happening, type NotifyEvent, titleOf } from '../domain/events.js';
import { asFailure, Failure } from '../domain/failure.js';
import type { Finding } from '../domain/findings.js';
import { openNotifier } from '../notifications/open-notifier.js';

export interface NotifierFinding extends Omit<Finding, 'area'> {
  /** `email 1`. */
  notifier: string;
}

/** At once, and not through the outbox: whoever asks wants to see what each of them says. */
export const tryNotifiers = async (config: Config): Promise<NotifierFinding[]> => {
  if (config.notify.length === 0)
    throw new Failure('CONFIG_INVALID', `${config.file} names nobody who is to be told`, {
      hint: 'add notify: docs/notifications.md shows how',
    });
  const event = testEvent(config);
  return Promise.all(
    config.notify.map(async (settings): Promise<NotifierFinding> => {
      const notifier = settings.name;
      try {
        await openNotifier(settings).deliver(event);
        return { notifier, level: 'ok', message: `${notifier}: took the test message`, hint: '' };
      } catch (error) {
        const { message, hint } = asFailure(error);
        return { notifier, level: 'problem', message, hint };
      }
    }),
  );
};

const testEvent = ({ timezone, deployments }: Config): NotifyEvent => {
  const happening: Happening = {
    id: `test-${randomUUID()}`,
    kind: 'failed',
    ...{ deployment: Object.keys(deployments)[0] ?? '', what: 'backup', tier: 'test' },
    ...{ run: null, at: new Date().toISOString(), log: '' },
    cause: 'somebody gave the command holdfast doctor --notify',
    hint: 'nothing has to be done',
  };
  const host = hostname();
  return {
    ...happening,
    ...{ host, retry: { again: false, at: null }, newestGood: null, newestProved: null },
    ...{ unknown: 'this is a test', command: '', timezone, test: true },
    title: titleOf(happening, { host, test: true }),
  };
};
