// The repository suite on one of the real S3 servers.
import { afterAll, beforeAll } from 'vitest';
import { openRepository } from '../../src/repositories/open-repository.js';
import type { ServerKind } from '../support/s3-server-kinds.js';
import { everythingIn, type S3Server, startS3Server } from '../support/s3-servers.js';
import { repositorySuite } from './repository-suite.js';

export const s3RepositorySuite = (kind: ServerKind): void => {
  let server: S3Server;
  beforeAll(async () => {
    server = await startS3Server(kind);
  });
  afterAll(() => server.stop());

  repositorySuite(`s3 (${kind})`, async () => {
    const settings = server.settings();
    return {
      settings,
      repository: openRepository(settings),
      everything: () => everythingIn(server, settings),
      remove: async () => {},
    };
  });
};
