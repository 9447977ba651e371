// The outbox of notifications: what is told stays told, by whatever it is interrupted.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test as it, onTestFinished } from 'vitest';
import { runEffect } from '../../src/domain/effect.js';
import { readNotifiers } from '../../src/operations/notify/notifier-state.js';
import { addToOutbox, readOutbox } from '../../src/operations/notify/outbox.js';
import { killedEverywhere } from '../support/killed-effect.js';
import { startMailServer, startSilentServer, textOf } from '../support/mail-server.js';
import { happened, notifyWorld } from '../support/notify-world.js';
import { type PostedPage, postedPage } from '../support/posted-page.js';

const page = async (): Promise<PostedPage> => {
  const served = await postedPage();
  onTestFinished(() => served.close());
  return served;
};

const titles = ({ posted }: PostedPage): string[] =>
  posted.map(({ body }) => String(JSON.parse(body).title).replace(/ on .*/, ''));

it('an event is told once, however often it happens again', async () => {
  const hook = await page();
  const { teller, state } = await notifyWorld(() => [{ webhook: { url: hook.url } }]);
  const event = happened();
  const first = teller();
  await Promise.all([first.tell(event), first.tell(event)]);
  await first.deliver();
  const another = teller();
  await another.tell(event);
  await another.deliver();
  expect(titles(hook)).toEqual(['backup of edms (daily) failed']);
  expect(await readOutbox(state)).toEqual([]);
});

it('whoever tells does not wait for a mail server that hangs, and the others are told meanwhile', async () => {
  const [hook, silent] = [await page(), await startSilentServer()];
  onTestFinished(() => silent.close());
  const world = await notifyWorld((secret) => [
    {
      email: {
        ...{ to: 'ops@example.com', from: 'holdfast@example.com' },
        smtp: secret(`smtp://127.0.0.1:${silent.port}`),
      },
      timeout: '1s',
    },
    { webhook: { url: hook.url } },
  ]);
  const teller = world.teller();
  const begun = performance.now();
  await teller.tell(happened());
  expect(performance.now() - begun).toBeLessThan(900);
  await teller.deliver();
  expect(hook.posted).toHaveLength(1);
  expect(await readNotifiers(world.state, world.config.notify)).toEqual([
    {
      ...{ name: 'email 1', failingSince: expect.any(String), lastDelivered: null, waiting: 1 },
      lastError: 'email 1: no answer within 1 s',
    },
    {
      ...{ name: 'webhook 2', failingSince: null, lastDelivered: expect.any(String), waiting: 0 },
      lastError: null,
    },
  ]);
});

it('what was refused is tried again, each time later, and arrives in order once it is taken', async () => {
  const hook = await page();
  const world = await notifyWorld(() => [{ webhook: { url: hook.url } }]);
  const teller = world.teller();
  hook.answer(503);
  await teller.tell(happened({ tier: 'first' }));
  await teller.deliver();
  await teller.tell(happened({ tier: 'second' }));
  await teller.deliver();
  expect(hook.posted).toHaveLength(1);
  world.later(61_000);
  await teller.deliver();
  expect(hook.posted).toHaveLength(2);
  hook.answer(200);
  world.later(61_000);
  await teller.deliver();
  expect(hook.posted).toHaveLength(2);
  world.later(61_000);
  await teller.deliver();
  expect(titles(hook).slice(2)).toEqual(['backup of edms (first) failed', 'backup of edms (second) failed']);
  const [state] = await readNotifiers(world.state, world.config.notify);
  expect(state).toMatchObject({ failingSince: null, lastError: null, waiting: 0 });
});

it('one event that is refused for good keeps none of those behind it', async () => {
  const mail = await startMailServer();
  onTestFinished(() => mail.close());
  const world = await notifyWorld((secret) => [
    { email: { to: 'ops@example.com', from: 'holdfast@example.com', smtp: secret(mail.url) } },
  ]);
  const teller = world.teller();
  mail.answer('refuse');
  await teller.tell(happened());
  await teller.deliver();
  const [refused] = await readNotifiers(world.state, world.config.notify);
  expect(refused?.lastError).toMatch(/^email 1: 127\.0\.0\.1:\d+ refused sender or receiver: .*550/);
  mail.answer('take');
  world.later(61_000);
  await teller.deliver();
  expect(mail.mails).toHaveLength(1);
});

it('signs of life that come late are not sent any more, and bad news is, for three days', async () => {
  const check = await page();
  const world = await notifyWorld((secret) => [{ ping: secret(`${check.url}/c`) }]);
  const teller = world.teller();
  check.answer(503);
  for (const kind of ['started', 'succeeded', 'failed'] as const) await teller.tell(happened({ kind }));
  await teller.deliver();
  check.posted.length = 0;
  check.answer(200);
  world.later(2 * 3_600_000);
  await teller.deliver();
  expect(check.posted.map(({ path }) => path.replace(/\?.*/, ''))).toEqual(['/c/fail']);
  check.answer(503);
  await teller.tell(happened({ at: world.now().toISOString() }));
  await teller.deliver();
  world.later(73 * 3_600_000);
  check.posted.length = 0;
  await teller.deliver();
  expect(check.posted).toEqual([]);
  expect(await readOutbox(world.state)).toEqual([]);
});

it('the outbox has an end: of two hundred and ten events the newest two hundred wait', async () => {
  const hook = await page();
  hook.answer(503);
  const world = await notifyWorld(() => [{ webhook: { url: hook.url } }]);
  const teller = world.teller();
  const at = (index: number): string => new Date(Date.now() + index).toISOString();
  const older = Array.from({ length: 205 }, (_, index) => happened({ tier: `t-${index}`, at: at(index) }));
  for (const event of older) await addToOutbox({ ...world, effect: runEffect }, event, ['webhook 1']);
  for (let index = 205; index < 210; index++)
    await teller.tell(happened({ tier: `t-${index}`, at: at(index) }));
  const waiting = await readOutbox(world.state);
  expect(waiting).toHaveLength(200);
  expect(waiting[0]?.happening.tier).toBe('t-10');
  expect(world.said).toEqual([]);
});

it('the first success after a failure is news, and only that one', async () => {
  const hook = await page();
  const { teller: create } = await notifyWorld(() => [{ webhook: { url: hook.url } }]);
  const teller = create();
  const succeeded = (tier: string) => teller.tell(happened({ kind: 'succeeded', tier, cause: '' }));
  await succeeded('daily');
  await teller.tell(happened());
  await teller.tell(happened());
  await succeeded('weekly');
  await succeeded('daily');
  await succeeded('daily');
  await teller.deliver();
  expect(titles(hook)).toEqual([
    'backup of edms (daily) failed',
    'backup of edms (daily) failed',
    'backup of edms (daily) works again',
  ]);
});

it('a holdfast.yaml that is broken meanwhile is itself told of, to those whom it named before', async () => {
  const hook = await page();
  const world = await notifyWorld(() => [{ webhook: { url: hook.url } }]);
  const teller = world.teller();
  await writeFile(world.config.file, 'deployments: {', { mode: 0o600 });
  await teller.tell(happened({ cause: 'holdfast.yaml is damaged' }));
  await teller.deliver();
  expect(titles(hook)).toEqual(['backup of edms (daily) failed']);
});

it('a failure that cannot be noted for status is told all the same', async () => {
  const hook = await page();
  const world = await notifyWorld(() => [{ webhook: { url: hook.url } }]);
  await mkdir(join(world.state, 'notify'));
  await writeFile(join(world.state, 'notify', 'troubles'), 'no folder');
  const teller = world.teller();
  await teller.tell(happened());
  await teller.deliver();
  expect(titles(hook)).toEqual(['backup of edms (daily) failed']);
  expect(world.said).toEqual([expect.stringContaining('troubles')]);
});

it('an agent that ends delivers what it can and does not wait for the rest', async () => {
  const hook = await page();
  hook.answer('nothing');
  const world = await notifyWorld(() => [{ webhook: { url: hook.url } }]);
  const teller = world.teller();
  await teller.tell(happened());
  const begun = performance.now();
  await teller.close(300);
  expect(performance.now() - begun).toBeLessThan(2_000);
  expect(await readOutbox(world.state)).toHaveLength(1);
});

it('killed between two of its steps, wherever, every event is told by the next agent, and told to be the same', async () => {
  const mail = await startMailServer();
  onTestFinished(() => mail.close());
  let points = 0;
  const tried = await killedEverywhere(async (_point, kill) => {
    points += 1;
    mail.mails.length = 0;
    const world = await notifyWorld((secret) => [
      { email: { to: 'ops@example.com', from: 'holdfast@example.com', smtp: secret(mail.url) } },
    ]);
    const events = [happened({ id: 'failed-1' }), happened({ id: 'good-1', kind: 'succeeded', cause: '' })];
    await kill(async (effect) => {
      const teller = world.teller(effect);
      for (const event of events) await teller.tell(event);
      await teller.deliver();
    });
    const next = world.teller();
    for (const event of events) await next.tell(event);
    await next.deliver();
    const told = mail.mails.map((one) =>
      textOf(one)
        .split('\n')[0]
        ?.replace(/ on .*/, ''),
    );
    expect([...new Set(told)]).toEqual([
      'backup of edms (daily) failed',
      'backup of edms (daily) works again',
    ]);
    // At least once: whoever dies right behind a delivery delivers that one again.
    expect(told.length).toBeLessThanOrEqual(3);
    expect(await readOutbox(world.state)).toEqual([]);
  });
  expect(tried).toBe(2 * (points - 2));
  expect(tried).toBeGreaterThan(12);
});
