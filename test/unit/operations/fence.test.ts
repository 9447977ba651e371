import { expect, it } from 'vitest';
import { type Effect, runEffect } from '../../../src/domain/effect.js';
import { createFence } from '../../../src/operations/agent/fence.js';
import { untilAborted } from '../../../src/operations/context.js';

const never = new AbortController().signal;
const key = (change: object = {}) => ({ operation: 'op', step: 'dump', signal: never, ...change });

/** An attempt that runs until it is told to stop, and then needs a moment: it ends when `finish` is called. */
const stubborn = (log: string[], name: string) => {
  let finish: () => void = () => {};
  const end = new Promise<void>((resolve) => {
    finish = resolve;
  });
  let begun: () => void = () => {};
  const running = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const act = async (signal: AbortSignal): Promise<string> => {
    log.push(`${name} begins`);
    begun();
    if (!signal.aborted)
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    log.push(`${name} is told to stop`);
    await end;
    log.push(`${name} ends`);
    signal.throwIfAborted();
    return name;
  };
  return { act, finish, running };
};

const firstAtWork = async () => {
  const fence = createFence();
  const log: string[] = [];
  const first = stubborn(log, 'first');
  const earlier = fence.attempt(key(), first.act);
  earlier.catch(() => {});
  await first.running;
  return { fence, log, first, earlier };
};

const settled = async (turns = 20): Promise<void> => {
  for (let turn = 0; turn < turns; turn++) await Promise.resolve();
};

it('gives what the attempt gives, and throws what it throws', async () => {
  const fence = createFence();
  expect(await fence.attempt(key(), async () => 7)).toBe(7);
  await expect(fence.attempt(key(), () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await fence.attempt(key(), async () => 8)).toBe(8);
});

it('tells the earlier attempt to stop and acts only once it has', async () => {
  const { fence, log, first, earlier } = await firstAtWork();
  const later = fence.attempt(key(), async () => void log.push('second acts'));
  await settled();
  expect(log).toEqual(['first begins', 'first is told to stop']);
  first.finish();
  await later;
  expect(log).toEqual(['first begins', 'first is told to stop', 'first ends', 'second acts']);
  await expect(earlier).rejects.toThrow('a later attempt took over');
});

it('lets only the last of several that wait act', async () => {
  const fence = createFence();
  const log: string[] = [];
  const first = stubborn(log, 'first');
  const attempts = [fence.attempt(key(), first.act)];
  await first.running;
  for (const name of ['second', 'third', 'fourth'])
    attempts.push(
      fence.attempt(key(), async () => {
        log.push(`${name} acts`);
        return name;
      }),
    );
  first.finish();
  const outcomes = await Promise.allSettled(attempts);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'fulfilled']);
  expect(log.filter((line) => line.endsWith('acts'))).toEqual(['fourth acts']);
});

it('leaves other steps and other operations alone', async () => {
  const { fence, log, first } = await firstAtWork();
  await fence.attempt(key({ step: 'archive' }), async () => void log.push('archive acts'));
  await fence.attempt(key({ operation: 'other' }), async () => void log.push('other acts'));
  await fence.end('other');
  expect(log).toEqual(['first begins', 'archive acts', 'other acts']);
  first.finish();
  await fence.end('op');
});

it('ends every attempt of an operation, whatever its step, and returns when none acts any more', async () => {
  const fence = createFence();
  const log: string[] = [];
  const dump = stubborn(log, 'dump');
  const archive = stubborn(log, 'archive');
  const both = [fence.attempt(key(), dump.act), fence.attempt(key({ step: 'archive' }), archive.act)];
  await Promise.all([dump.running, archive.running]);
  let ended = false;
  const ending = fence.end('op').then(() => {
    ended = true;
  });
  dump.finish();
  await settled();
  expect(ended).toBe(false);
  archive.finish();
  await ending;
  expect(log.slice(-2).toSorted()).toEqual(['archive ends', 'dump ends']);
  for (const { status } of await Promise.allSettled(both)) expect(status).toBe('rejected');
});

it('ends an attempt that still waits for its predecessor: it never acts', async () => {
  const { fence, log, first } = await firstAtWork();
  const waiting = fence.attempt(key(), async () => void log.push('second acts'));
  const refused = expect(waiting).rejects.toThrow('a later attempt took over');
  const ending = fence.end('op').then(() => log.push('over'));
  first.finish();
  await ending;
  await refused;
  expect(log).toEqual(['first begins', 'first is told to stop', 'first ends', 'over']);
});

it('does not act for an attempt that was cancelled before', async () => {
  const fence = createFence();
  const signal = AbortSignal.abort(new Error('cancelled'));
  let acted = false;
  const attempt = fence.attempt(key({ signal }), async () => {
    acted = true;
  });
  await expect(attempt).rejects.toThrow('cancelled');
  expect(acted).toBe(false);
});

it('has nothing to end for an operation that it does not know', async () => {
  await createFence().end('unknown');
});

it('lets no effect of an ended attempt happen', async () => {
  const fence = createFence();
  const happened: string[] = [];
  const first = stubborn([], 'first');
  const effects = async (signal: AbortSignal, effect: Effect) => {
    await effect('before', async () => void happened.push('before'));
    await first.act(signal).catch(() => {});
    await effect('after', async () => void happened.push('after'));
  };
  const attempt = fence.attempt(key(), (signal) => effects(signal, untilAborted(runEffect, signal)));
  attempt.catch(() => {});
  await first.running;
  first.finish();
  await fence.end('op');
  await expect(attempt).rejects.toThrow('a later attempt took over');
  expect(happened).toEqual(['before']);
});
