import { expect, it } from 'vitest';
import { createSlots } from '../../../src/operations/agent/slots.js';

const never = new AbortController().signal;

const gate = () => {
  let open: () => void = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
};

it('runs so many at once and no more, in the order in which they came', async () => {
  const slots = createSlots(2);
  const gates = [gate(), gate(), gate(), gate()];
  const begun: number[] = [];
  const all = gates.map(({ opened }, index) =>
    slots.use(never, async () => {
      begun.push(index);
      await opened;
      return index;
    }),
  );
  expect(begun).toEqual([0, 1]);
  gates[1]?.open();
  expect(await all[1]).toBe(1);
  expect(begun).toEqual([0, 1, 2]);
  for (const { open } of gates) open();
  expect(await Promise.all(all)).toEqual([0, 1, 2, 3]);
});

it('gives a slot back after a failure', async () => {
  const slots = createSlots(1);
  await expect(slots.use(never, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await slots.use(never, async () => 'free')).toBe('free');
});

it('does not run what was cancelled while it waited, and keeps no slot for it', async () => {
  const slots = createSlots(1);
  const first = gate();
  const running = slots.use(never, () => first.opened);
  const cancel = new AbortController();
  let acted = false;
  const waiting = slots.use(cancel.signal, async () => {
    acted = true;
  });
  const next = slots.use(never, async () => 'next');
  cancel.abort(new Error('cancelled'));
  await expect(waiting).rejects.toThrow('cancelled');
  first.open();
  await running;
  expect(await next).toBe('next');
  expect(acted).toBe(false);
  await expect(slots.use(AbortSignal.abort(new Error('late')), async () => 0)).rejects.toThrow('late');
});
