// Whom waiting events are for, once holdfast.yaml is another one: a notifier is known by where it tells, not by its place in
// the file, so that none gets what waits for another one.
import type { NotifierSettings } from '../../config/notify-settings.js';
import { wants } from '../../notifications/wants.js';
import { forgetNotifier, knownNotifiers } from './notifier-state.js';
import { handOver, type OutboxHost, readOutbox, takeFromOutbox } from './outbox.js';

export interface HeirsHost extends OutboxHost {
  say: (line: string) => void;
}

/** Hands over what waits for those who are no longer configured, or lets it go and says so; and forgets how these fared. */
export const findHeirs = async (host: HeirsHost, notify: readonly NotifierSettings[]): Promise<void> => {
  const ids = new Set(notify.map(({ id }) => id));
  const given = await knownNotifiers(host.state);
  const unheard = new Map<string, number>();
  for (const { happening, waiting } of await readOutbox(host.state)) {
    // All were told when an agent died.
    if (waiting.length === 0) await takeFromOutbox(host, happening.id, '');
    for (const id of waiting.filter((one) => !ids.has(one))) {
      const heir = heirOf(id, { notify, given });
      if (heir !== undefined && wants(heir, happening))
        await handOver(host, happening.id, { id, to: heir.id });
      else {
        await takeFromOutbox(host, happening.id, id);
        unheard.set(id, (unheard.get(id) ?? 0) + 1);
      }
    }
  }
  for (const id of given.filter((one) => !ids.has(one))) await forgetNotifier(host.state, id);
  for (const [id, count] of unheard)
    host.say(
      `${id} is not in holdfast.yaml any more: nobody is told what waited for it (${eventsOf(count)})`,
    );
};

/**
 * `email 1`, as earlier versions wrote it; or the only one of its kind that is new, as one whose address was mended is. It is new
 * until it was tried: events may have come for it first, or an agent have died while it handed over.
 */
const heirOf = (
  id: string,
  { notify, given }: { notify: readonly NotifierSettings[]; given: readonly string[] },
): NotifierSettings | undefined => {
  const earlier = notify.find(({ name }) => name === id);
  const fresh = notify.filter((one) => id.startsWith(`${one.kind}-`) && !given.includes(one.id));
  return earlier ?? (fresh.length === 1 ? fresh[0] : undefined);
};

const eventsOf = (count: number): string => (count === 1 ? '1 event' : `${count} events`);
