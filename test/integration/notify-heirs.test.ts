// Whom waiting events are for, when holdfast.yaml is edited meanwhile.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { parse, stringify } from 'yaml';
import { loadConfig } from '../../src/config/load.js';
import { runEffect } from '../../src/domain/effect.js';
import { readNotifiers } from '../../src/operations/notify/notifier-state.js';
import { addToOutbox, readOutbox } from '../../src/operations/notify/outbox.js';
import { replaceJson } from '../../src/operations/state-folder.js';
import { happened, notifyWorld } from '../support/notify-world.js';
import { type PostedPage, postedPage } from '../support/posted-page.js';

const page = async (): Promise<PostedPage> => {
  const served = await postedPage();
  onTestFinished(() => served.close());
  return served;
};

const tiers = ({ posted }: PostedPage): string[] => posted.map(({ body }) => JSON.parse(body).tier);
const telling = ({ url }: PostedPage, more: object = {}) => ({ webhook: { url }, ...more });

/** One failure waits for the first page, which answers from now on. */
const waitingWorld = async (first: PostedPage, ...others: object[]) => {
  const world = await notifyWorld(() => [telling(first), ...others]);
  const teller = world.teller();
  first.answer(503);
  await teller.tell(happened({ tier: 'one' }));
  await teller.deliver();
  first.answer(200);
  first.posted.length = 0;
  world.later(61_000);
  return {
    ...world,
    edit: async (notify: object[]) => {
      const text = parse(await readFile(world.config.file, 'utf8'));
      await writeFile(world.config.file, stringify({ ...text, notify }), { mode: 0o600 });
    },
    deliver: () => teller.deliver(),
    tell: teller.tell,
  };
};

it('one that is put before another gets nothing of what waits for that one', async () => {
  const [first, added] = [await page(), await page()];
  const world = await waitingWorld(first);
  await world.edit([telling(added), telling(first, { on: ['failed'] })]);
  await world.deliver();
  expect([tiers(first), tiers(added)]).toEqual([['one'], []]);
  const { notify } = await loadConfig({ file: world.config.file });
  expect(await readNotifiers(world.state, notify)).toMatchObject([{ name: 'webhook 2', waiting: 0 }]);
});

it('what waits for one that is named no more is let go, and said, and how it fared is forgotten', async () => {
  const [first, other] = [await page(), await page()];
  const world = await waitingWorld(first, telling(other));
  await world.edit([telling(other)]);
  await world.deliver();
  await world.deliver();
  expect([tiers(first), tiers(other)]).toEqual([[], ['one']]);
  expect(await readOutbox(world.state)).toEqual([]);
  const [gone] = world.config.notify;
  expect(world.said).toEqual([
    `${gone?.id} is not in holdfast.yaml any more: nobody is told what waited for it (1 event)`,
  ]);
  expect(await readNotifiers(world.state, world.config.notify)).toMatchObject([{ name: 'webhook 2' }]);
});

it('one whose address was mended gets what waited for it', async () => {
  const [wrong, right, other] = [await page(), await page(), await page()];
  const world = await waitingWorld(wrong, telling(other));
  await world.edit([telling(right), telling(other)]);
  await world.deliver();
  expect([tiers(wrong), tiers(right), tiers(other)]).toEqual([[], ['one'], ['one']]);
  expect(world.said).toEqual([]);
});

it('one whose address was mended gets it though it is told of something else first', async () => {
  const [wrong, right] = [await page(), await page()];
  const world = await waitingWorld(wrong);
  await world.edit([telling(right)]);
  await world.tell(happened({ tier: 'two' }));
  await world.deliver();
  expect([tiers(wrong), tiers(right)]).toEqual([[], ['one', 'two']]);
  expect(world.said).toEqual([]);
});

it('what an agent that died had begun to hand over goes on to the same one', async () => {
  const [wrong, right] = [await page(), await page()];
  const world = await waitingWorld(wrong);
  await world.edit([telling(right)]);
  const { notify } = await loadConfig({ file: world.config.file });
  const handedOver = notify.map(({ id }) => id);
  await addToOutbox({ ...world, effect: runEffect }, happened({ tier: 'two' }), handedOver);
  await world.deliver();
  expect([tiers(wrong), tiers(right)]).toEqual([[], ['one', 'two']]);
});

it('what an earlier version left waiting, by the place in the file, is told', async () => {
  const hook = await page();
  const world = await notifyWorld(() => [telling(hook)]);
  await addToOutbox({ ...world, effect: runEffect }, happened({ tier: 'old' }), ['webhook 1', 'email 2']);
  const earlier = join(world.state, 'notify', 'notifiers', 'webhook-1.json');
  await replaceJson(earlier, { version: 1, name: 'webhook 1' });
  await world.teller().deliver();
  expect(tiers(hook)).toEqual(['old']);
  expect(await readOutbox(world.state)).toEqual([]);
  expect(world.said).toEqual([expect.stringMatching(/^email 2 is not in holdfast\.yaml any more/)]);
  await expect(readFile(earlier)).rejects.toMatchObject({ code: 'ENOENT' });
});
