import { expect, test } from 'vitest';
import { titleOf } from '../../../src/domain/events.js';
import { plainText, shortText } from '../../../src/notifications/text.js';
import { commandFor } from '../../../src/operations/notify/command-for.js';
import { sampleEvent } from '../../support/sample-event.js';

test('the mail of a failed night says what, why, what to do, whether it is tried again, what there is, and one command', () => {
  expect(plainText(sampleEvent())).toBe(`backup of edms (daily) failed on web1
2026-11-21 02:00:14 (Europe/Zurich)

Why:            the server db.example.com:5432 refused the connection
Hint:           check that the server runs and that host and port are right
Tried again:    by itself on 2026-11-22 02:00:00 (Europe/Zurich)
Newest good:    20261120T010003Z-full-3f9a, 24 h old
Newest proved:  20261115T010002Z-full-77aa, restored 5 d ago

    holdfast doctor edms

How far it came:

✗ plan: the server db.example.com:5432 refused the connection

Run holdfast.edms.backup.daily-2026-11-21T01:00:00Z (5b1f2c1e-8a64-4c4e-9c53-0d6f0b1d7a11)
`);
});

test('what is not known is not called missing, and what there never was is', () => {
  const lines = (changed: Parameters<typeof sampleEvent>[0]): string[] =>
    plainText(sampleEvent(changed))
      .split('\n')
      .filter((line) => /^(Newest|Tried)/.test(line));
  expect(
    lines({ newestGood: null, newestProved: null, unknown: 'repository local does not answer' }),
  ).toEqual([
    'Tried again:    by itself on 2026-11-22 02:00:00 (Europe/Zurich)',
    'Newest good:    not known: repository local does not answer',
    'Newest proved:  not known: repository local does not answer',
  ]);
  expect(lines({ newestProved: null, tier: 'manual', retry: { again: false, at: null } })).toEqual([
    'Tried again:    not by itself',
    'Newest good:    20261120T010003Z-full-3f9a, 24 h old',
    'Newest proved:  none',
  ]);
});

test('a backup of seconds ago is seconds old', () => {
  const { at } = sampleEvent();
  const backup = {
    backup: '20261121T010002Z-full-3f9a',
    at: new Date(Date.parse(at) - 12_000).toISOString(),
  };
  const lines = plainText(sampleEvent({ newestGood: backup, newestProved: backup })).split('\n');
  expect(lines.filter((line) => line.startsWith('Newest'))).toEqual([
    'Newest good:    20261121T010002Z-full-3f9a, 12 s old',
    'Newest proved:  20261121T010002Z-full-3f9a, restored 12 s ago',
  ]);
});

test('a test message says first that it is one', () => {
  const event = sampleEvent();
  const title = titleOf(event, { host: 'web1', test: true });
  expect(title).toBe('TEST: backup of edms (daily) failed on web1');
  expect(plainText({ ...event, title, test: true }).split('\n')[0]).toBe(
    'This is a test: nothing happened, and nothing has to be done.',
  );
});

test.each([
  ['started', 'backup of edms (daily) started on web1'],
  ['succeeded', 'backup of edms (daily) succeeded on web1'],
  ['late', 'backup of edms (daily) is late on web1'],
  ['recovered', 'backup of edms (daily) works again on web1'],
  ['overdue', 'backup of edms (daily) is overdue on web1'],
] as const)('the title of %s is a sentence', (kind, title) => {
  expect(titleOf({ ...sampleEvent(), kind }, { host: 'web1' })).toBe(title);
});

test('who is refused because the deployment is busy reads that, and no command', () => {
  const event = sampleEvent({ refused: true, tier: 'manual' });
  expect(titleOf(event, { host: 'web1' })).toBe('backup of edms (manual) was refused on web1');
  expect(commandFor(event)).toBe('');
});

test('a message for a telephone has the facts and the command alone', () => {
  expect(shortText(sampleEvent()).split('\n')).toEqual([
    'Why: the server db.example.com:5432 refused the connection',
    'Hint: check that the server runs and that host and port are right',
    'Tried again: by itself on 2026-11-22 02:00:00 (Europe/Zurich)',
    'Newest good: 20261120T010003Z-full-3f9a, 24 h old',
    'Newest proved: 20261115T010002Z-full-77aa, restored 5 d ago',
    'holdfast doctor edms',
  ]);
});
