// The log that an agent keeps: durable before it is delivered, one chain whatever kills it, and delivered in the end.
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runEffect } from '../../src/domain/effect.js';
import { copyLog } from '../../src/operations/copies/copy-log.js';
import { event, loggedDeployment } from '../support/log-by-hand.js';
import { isStop, stoppingEffect } from '../support/stopping-effect.js';

/** `verify-0000000001`: without the times, of which those of keys and configurations are now. */
const events = (names: readonly string[]) =>
  names.map((name) => name.replace(/^\d{8}T\d{9}Z-/, '').replace('.json', ''));
const verifies = (names: readonly string[]) => events(names).filter((name) => name.startsWith('verify'));

it('each entry names the one before by the digest of its stored bytes, from the first one on', async () => {
  const { agent, names, stored } = await loggedDeployment();
  const { note, outbox } = await agent();
  await note(event('1'));
  await note(event('2'));
  expect(await outbox()).toEqual([]);
  const entries = await Promise.all(
    (await names()).map(async (name) => ({ name, ...JSON.parse((await stored(name)).entry) })),
  );
  const chain: string[] = [];
  for (let next = entries.find(({ previous }) => previous === null); next !== undefined; ) {
    chain.push(next.kind);
    const { name } = next;
    next = entries.find(({ previous }) => previous?.name === name);
  }
  expect(chain).toEqual(['key', 'configuration', 'verify', 'verify']);
});

it('the same event noted twice is one entry, also after it was delivered', async () => {
  const { agent, names } = await loggedDeployment();
  const { note } = await agent();
  await note(event('1'));
  await note(event('1', { at: '2026-03-01T10:00:00.000Z' }));
  await (await agent()).note(event('1'));
  expect(verifies(await names())).toEqual(['verify-0000000001']);
});

it('events noted at once are one chain', async () => {
  const { agent, names, stored } = await loggedDeployment();
  const { note } = await agent();
  await Promise.all(Array.from({ length: 12 }, (_, index) => note(event(String(index + 1)))));
  const all = await names();
  expect(verifies(all)).toHaveLength(12);
  const previous = await Promise.all(
    all.map(async (name) => JSON.parse((await stored(name)).entry).previous?.name),
  );
  expect(new Set(previous).size).toBe(all.length);
});

it('killed before or after any effect, the next agent completes one chain in which the event is once', async () => {
  let points = 0;
  for (const when of ['before', 'after'] as const) {
    for (let index = 0, more = true; more; index++) {
      const { agent, names, offsite, stored } = await loggedDeployment();
      const { note } = await agent();
      more = await note(event('2'), stoppingEffect(index, when)).then(
        () => false,
        (error: unknown) => {
          if (isStop(error)) return true;
          throw error;
        },
      );
      if (more) points++;
      const next = await agent();
      // The operation's record is still there: whoever settles it notes it as well.
      await next.note(event('2', { at: '2026-02-01T11:00:00.000Z' }));
      await next.note(event('3'));
      expect(await next.outbox()).toEqual([]);
      const all = await names();
      expect(await names(offsite.path)).toEqual(all);
      expect(verifies(all).sort()).toEqual(['verify-0000000002', 'verify-0000000003']);
      const previous = await Promise.all(
        all.map(async (name) => JSON.parse((await stored(name)).entry).previous?.name),
      );
      expect(new Set(previous).size).toBe(all.length);
    }
  }
  expect(points).toBeGreaterThanOrEqual(30);
});

it('a repository that is down gets its entries when it is back, and keeps nobody waiting meanwhile', async () => {
  const { agent, folder, names, local, offsite } = await loggedDeployment();
  const { note, push, outbox } = await agent();
  await note(event('1'));
  await rename(offsite.path, join(folder, 'unplugged'));
  await writeFile(offsite.path, 'no folder');
  await note(event('2'));
  expect(verifies(await names(local.path))).toHaveLength(2);
  expect(events(await outbox())).toEqual(['verify-0000000002']);
  await rm(offsite.path);
  await rename(join(folder, 'unplugged'), offsite.path);
  await push();
  expect(await names(offsite.path)).toEqual(await names(local.path));
  expect(await outbox()).toEqual([]);
});

it('a repository that neither answers nor refuses holds up what is noted for seconds only', async () => {
  const { agent, offsite, names } = await loggedDeployment();
  const { note, outbox } = await agent();
  const begun = performance.now();
  await note(event('1'), (name, act) =>
    name === 'create the folder in the repository' ? new Promise<never>(() => {}) : act(),
  );
  expect(performance.now() - begun).toBeLessThan(15_000);
  expect(verifies(await outbox())).toEqual(['verify-0000000001']);
  const next = await agent();
  await next.push();
  expect(verifies(await names(offsite.path))).toEqual(['verify-0000000001']);
});

it('without any repository that answers nothing begins, and nothing is lost', async () => {
  const { agent, folder, names, local, offsite } = await loggedDeployment();
  for (const { path } of [local, offsite]) await writeFile(path, 'no folder');
  const { note, push } = await agent();
  await note(event('1'));
  for (const { path } of [local, offsite]) await rm(path);
  await push();
  expect(verifies(await names())).toEqual(['verify-0000000001']);
  expect(folder).not.toBe('');
});

it('a head that is lost or damaged is found again, and what was noted before stays one entry', async () => {
  const { agent, names } = await loggedDeployment();
  const { note, state } = await agent();
  await note(event('1'));
  await note(event('2'));
  const head = join(state, 'log', 'edms', 'head.json');
  for (const damage of [() => rm(head), () => writeFile(head, '{')]) {
    await damage();
    const next = await agent();
    await next.note(event('1', { at: '2026-02-01T11:00:00.000Z' }));
    await next.note(event('3'));
  }
  expect(verifies(await names())).toEqual(['verify-0000000001', 'verify-0000000002', 'verify-0000000003']);
});

it('a new state folder goes on behind the newest entry in the repositories, with a key of its own', async () => {
  const { agent, configure, names, stored } = await loggedDeployment();
  await (await agent()).note(event('1'));
  const before = await names();
  await configure({}, 'another-state');
  await (await agent('fedcba9876543210')).note(event('2'));
  const added = (await names()).filter((name) => !before.includes(name));
  expect(
    events(added)
      .map((name) => name.split('-')[0])
      .sort(),
  ).toEqual(['key', 'verify']);
  const key = added.find((name) => name.includes('-key-')) ?? '';
  const { previous, outcome } = JSON.parse((await stored(key)).entry);
  expect(before).toContain(previous.name);
  expect(outcome).toBe('changed');
});

it('another configuration is noted with both digests, once', async () => {
  const { agent, configure, load, names, stored } = await loggedDeployment();
  const { note } = await agent();
  await note(event('1'));
  const before = (await load()).deployments.edms?.digest;
  await configure({ keepPrevious: '3h' });
  await note(event('2'));
  await note(event('3'));
  const noted = (await names()).filter((name) => name.includes('-configuration-'));
  const entries = await Promise.all(noted.map(async (name) => JSON.parse((await stored(name)).entry)));
  expect(entries.map(({ outcome }) => outcome).sort()).toEqual(['changed', 'noted']);
  const after = (await load()).deployments.edms?.digest;
  expect(entries.find(({ outcome }) => outcome === 'changed').facts).toEqual({ digest: after, before });
});

it('a repository that is new gets the entries that the others hold, and nothing that is none', async () => {
  const { agent, folder, names, local } = await loggedDeployment();
  await (await agent()).note(event('1'));
  await writeFile(join(local.path, 'edms', 'log', `20260101T000000000Z-drill-${'0'.repeat(10)}.json`), '{}');
  const added = { kind: 'local' as const, name: 'added', path: join(folder, 'added') };
  const gone = { ...added, name: 'gone', path: join(folder, 'file', 'gone') };
  await writeFile(join(folder, 'file'), '');
  for (let times = 0; times < 2; times++)
    await copyLog('edms', { from: [gone, local], to: added }, runEffect);
  const valid = (await names(local.path)).filter((name) => !name.includes('-drill-'));
  expect(await names(added.path)).toEqual(valid);
  expect(valid).toHaveLength(3);
});
