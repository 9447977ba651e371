import { afterAll, beforeAll } from 'vitest';
import { openRepository } from '../../src/repositories/open-repository.js';
import { everythingIn, type S3Server, startS3Server } from '../support/s3-servers.js';
import { repositorySuite } from './repository-suite.js';

let server: S3Server;
beforeAll(async () => {
  server = await startS3Server('versitygw');
});
afterAll(() => server.stop());

repositorySuite('s3 (versitygw)', async () => {
  const settings = server.settings();
  return {
    settings,
    repository: openRepository(settings),
    everything: () => everythingIn(server, settings),
    remove: async () => {},
  };
});
