// Into the outbox: what is news, and for whom.
import type { Config } from '../../config/config.js';
import type { Effect } from '../../domain/effect.js';
import { type Happening, isTrouble } from '../../domain/events.js';
import { wants } from '../../notifications/wants.js';
import { addToOutbox, readOutbox, takeFromOutbox } from './outbox.js';
import { forgetTrouble, mendedBy, noteTrouble, type Subject, troubleSince } from './troubles.js';

export interface Putting {
  state: string;
  effect: Effect;
  notify: Config['notify'];
}

/**
 * In this order, so that whoever dies between two of them and tells again tells the same. Troubles are noted though nobody is
 * told, and told though they cannot be noted.
 */
export const put = async (happening: Happening, { state, effect, notify }: Putting): Promise<void> => {
  const add = (one: Happening): Promise<boolean> => {
    const waiting = notify.filter((settings) => wants(settings, one)).map(({ id }) => id);
    return waiting.length === 0 ? Promise.resolve(false) : addToOutbox({ state, effect }, one, waiting);
  };
  await makeRoom({ state, effect });
  await add(happening);
  if (isNoted(happening)) await noteTrouble(state, happening, effect);
  if (!ENDS_WELL.has(happening.kind)) return;
  for (const subject of await mendedBy(state, happening)) {
    const since = await troubleSince(state, subject);
    if (since === null) continue;
    await add(recovered(happening, subject, since));
    await forgetTrouble(state, subject, effect);
  }
};

const isNoted = (happening: Happening): boolean => isTrouble(happening) && happening.kind !== 'late';

const ENDS_WELL: ReadonlySet<Happening['kind']> = new Set(['succeeded', 'restore-ended']);

const recovered = (happening: Happening, subject: Subject, since: string): Happening => ({
  ...happening,
  ...subject,
  id: `recovered-${happening.id}${subject.deployment === happening.deployment ? '' : `-${subject.deployment}`}`,
  kind: 'recovered',
  cause: `it had failed since ${since.slice(0, 16).replace('T', ' ')} UTC, and has succeeded now`,
});

export const MOST_WAITING = 200;

/** The oldest goes: somebody who hears of two hundred events hears of trouble. */
const makeRoom = async (host: Pick<Putting, 'state' | 'effect'>): Promise<void> => {
  const entries = await readOutbox(host.state);
  for (const { happening, waiting } of entries.slice(0, Math.max(0, entries.length - MOST_WAITING + 1)))
    for (const id of waiting) await takeFromOutbox(host, happening.id, id);
};
