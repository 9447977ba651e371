import { postingSide } from './notifier-posting.js';
import { notifierSuite } from './notifier-suite.js';

notifierSuite('ping', () =>
  postingSide((url) => ({
    ...{ kind: 'ping', name: 'ping 1', path: 'notify[0].ping', on: ['failed'], deployments: null },
    ...{ timeoutMs: 5_000, url },
  })),
);
