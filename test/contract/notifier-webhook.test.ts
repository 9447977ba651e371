import { postingSide } from './notifier-posting.js';
import { notifierSuite } from './notifier-suite.js';

notifierSuite('webhook', () =>
  postingSide(
    (url) => ({
      ...{
        id: 'webhook-1f3a99c0',
        kind: 'webhook',
        name: 'webhook 1',
        path: 'notify[0].webhook',
        on: ['failed'],
        deployments: null,
      },
      ...{ timeoutMs: 5_000, url, template: null, secret: null, headers: {} },
    }),
    '"id":"end-5b1f2c1e-8a64-4c4e-9c53-0d6f0b1d7a11"',
  ),
);
