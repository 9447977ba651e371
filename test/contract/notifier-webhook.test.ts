import { postingSide } from './notifier-posting.js';
import { notifierSuite } from './notifier-suite.js';

notifierSuite('webhook', () =>
  postingSide((url) => ({
    ...{ kind: 'webhook', name: 'webhook 1', path: 'notify[0].webhook', on: ['failed'], deployments: null },
    ...{ timeoutMs: 5_000, url, template: null, secret: null, headers: {} },
  })),
);
