import { postingSide } from './notifier-posting.js';
import { notifierSuite } from './notifier-suite.js';

notifierSuite('ping', () =>
  postingSide(
    (url) => ({
      ...{
        id: 'ping-1f3a99c0',
        kind: 'ping',
        name: 'ping 1',
        path: 'notify[0].ping',
        on: ['failed'],
        deployments: null,
      },
      ...{ timeoutMs: 5_000, url },
    }),
    '?rid=5b1f2c1e-8a64-4c4e-9c53-0d6f0b1d7a11',
  ),
);
