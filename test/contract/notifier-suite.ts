// What every kind of notifier keeps to, whatever the other side does.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NotifierSettings } from '../../src/config/notify-settings.js';
import type { NotifyEvent } from '../../src/domain/events.js';
import { Failure } from '../../src/domain/failure.js';
import { openNotifier } from '../../src/notifications/open-notifier.js';
import { sampleEvent } from '../support/sample-event.js';

export interface OtherSide {
  settings: NotifierSettings;
  /** What it has received so far, as text with the event's words in it. */
  received: () => Promise<string[]>;
  take: () => Promise<void>;
  refuse: () => Promise<void>;
  hang: () => Promise<void>;
  /** By what of the same event again the receiver knows that it is the same. */
  mark: string;
  /** What must be in no message. */
  secret: string;
  remove: () => Promise<void>;
}

export const notifierSuite = (kind: NotifierSettings['kind'], create: () => Promise<OtherSide>): void => {
  describe(`a notifier of the kind ${kind}`, () => {
    let side: OtherSide;
    beforeAll(async () => {
      side = await create();
    });
    afterAll(() => side.remove());

    const deliver = (event: NotifyEvent, changed: { timeoutMs?: number } = {}) =>
      openNotifier({ ...side.settings, ...changed }).deliver(event);

    const failureOf = async (delivering: Promise<void>): Promise<Failure> => {
      const thrown = await delivering.then(
        () => null,
        (error: unknown) => error,
      );
      if (thrown instanceof Failure) return thrown;
      throw new Error(`expected a Failure, got ${String(thrown)}`);
    };

    test('has delivered an event when it says so, and the receiver can read it', async () => {
      await side.take();
      await deliver(sampleEvent());
      const received = await side.received();
      expect(received).toHaveLength(1);
      expect(received[0]).toContain('the server db.example.com:5432 refused the connection');
    });

    test('delivers the same event again, recognisably', async () => {
      await side.take();
      const before = (await side.received()).length;
      await deliver(sampleEvent());
      const received = await side.received();
      expect(received).toHaveLength(before + 1);
      expect(received.filter((one) => !one.includes(side.mark))).toEqual([]);
    });

    test('says that the other side refused, without a secret', async () => {
      await side.refuse();
      const { code, message, hint } = await failureOf(deliver(sampleEvent()));
      expect(code).toBe('NOTIFY_FAILED');
      expect(message.startsWith(`${side.settings.name}: `)).toBe(true);
      expect(message).not.toContain(side.secret);
      expect(message).not.toContain('\n');
      expect(hint).not.toBe('');
    });

    test('gives up a silent one when its time is up', async () => {
      await side.hang();
      const begun = Date.now();
      const { message, retryable } = await failureOf(deliver(sampleEvent(), { timeoutMs: 300 }));
      expect(message).toBe(`${side.settings.name}: no answer within 0.3 s`);
      expect(retryable).toBe(true);
      expect(Date.now() - begun).toBeLessThan(3_000);
    });
  });
};
