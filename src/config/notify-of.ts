// The notifiers of a configuration without problems, with what they are told of where nothing is said.
import type { EventKind } from '../domain/events.js';
import { digestOf } from './digest.js';
import { parseDuration } from './duration.js';
import type { NotifierSettings, WebhookSettings } from './notify-settings.js';
import { keysAt, type Path, type Problem, pathText } from './problem.js';
import type { ConfigShape } from './schema.js';
import type { NotifyShape } from './schema-notify.js';
import type { Sound } from './sound-part.js';

/** What somebody wants to be woken for, and its end. */
const USUAL: readonly EventKind[] = ['failed', 'late', 'recovered', 'overdue'];

/** Whoever waits for signs of life needs all of them. */
const PINGED: readonly EventKind[] = ['started', 'succeeded', 'failed', 'overdue'];

export const notifiersOf = (shape: NotifyShape = []): NotifierSettings[] => {
  const found = shape.flatMap(notifierOf);
  return found.map((one, index) => {
    const before = found.slice(0, index).filter(({ id }) => id === one.id).length;
    return before === 0 ? one : { ...one, id: `${one.id}-${before + 1}` };
  });
};

const notifierOf = (given: NotifyShape[number], index: number): NotifierSettings[] => {
  /** @param whom as it is written: no reference is resolved for it */
  const common = (kind: string, whom: unknown, usual: readonly EventKind[] = USUAL) => ({
    id: `${kind}-${digestOf(whom).slice(0, 8)}`,
    name: `${kind} ${index + 1}`,
    path: pathText(['notify', index, kind]),
    on: given.on ?? usual,
    deployments: given.deployments ?? null,
    timeoutMs: parseDuration(given.timeout ?? '20s') ?? Number.NaN,
  });
  if (given.ping !== undefined)
    return [{ kind: 'ping', ...common('ping', given.ping, PINGED), url: given.ping }];
  if (given.email !== undefined) {
    const { to, from, smtp } = given.email;
    return [{ kind: 'email', ...common('email', [to].flat()), to: [to].flat(), from, smtp }];
  }
  if (given.webhook !== undefined)
    return [{ kind: 'webhook', ...common('webhook', given.webhook.url), ...webhookOf(given.webhook) }];
  return given.command === undefined
    ? []
    : [{ kind: 'command', ...common('command', given.command), argv: given.command }];
};

type Webhook = Pick<WebhookSettings, 'url' | 'template' | 'secret' | 'headers'>;

const webhookOf = (given: NonNullable<NotifyShape[number]['webhook']>): Webhook => {
  const { url, template, secret, headers } = given;
  const named = typeof template === 'string' ? template : null;
  return {
    url,
    template: typeof template === 'object' ? { json: template } : named,
    secret: secret ?? null,
    headers: headers ?? {},
  };
};

/** Deployments that they name and that are not there. @param raw tells those from the ones in which something is wrong */
export const notifyProblems = (raw: unknown, { notify = [] }: Sound<ConfigShape>): Problem[] => {
  const known = keysAt(raw, ['deployments']);
  return notify.flatMap(({ deployments = [] }, index) =>
    deployments.flatMap((deployment, place): Problem[] => {
      const path: Path = ['notify', index, 'deployments', place];
      return known.includes(deployment) ? [] : [{ path, text: `there is no deployment ${deployment}` }];
    }),
  );
};
