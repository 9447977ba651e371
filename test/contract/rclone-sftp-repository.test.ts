import { afterAll, beforeAll } from 'vitest';
import { type RcloneServer, startRcloneServer } from '../support/rclone-server.js';
import { repositorySuite } from './repository-suite.js';

let server: RcloneServer;
beforeAll(async () => {
  server = await startRcloneServer('sftp');
});
afterAll(() => server.stop());

repositorySuite('rclone over sftp', () => server.create());
