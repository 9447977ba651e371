import { portUnderTest } from '../support/port-under-test.js';
import { healthSuite } from './health-suite.js';

healthSuite('tcp', async () => {
  const port = await portUnderTest();
  return {
    settings: { kind: 'tcp', host: '127.0.0.1', port: port.number },
    label: `127.0.0.1:${port.number}`,
    words: { passing: 'takes connections', failing: 'refused the connection' },
    pass: port.listen,
    fail: port.close,
    hang: port.fill,
    remove: port.close,
  };
});
