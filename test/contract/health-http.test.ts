import { servedPage } from '../support/served-page.js';
import { healthSuite } from './health-suite.js';

healthSuite('http', async () => {
  const page = await servedPage();
  return {
    settings: {
      kind: 'http',
      url: `${page.url}/health?token=secret`,
      status: 200,
      contains: null,
      json: null,
    },
    label: `${page.url}/health?…`,
    words: { passing: 'answered 200', failing: 'answered 503 instead of 200' },
    pass: async () => page.answer({ status: 200 }),
    fail: async () => page.answer({ status: 503 }),
    hang: async () => page.answer('nothing'),
    remove: page.close,
  };
});
