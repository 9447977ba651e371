// A database of a test's cluster as the configuration would give it.
import type { DatabaseTarget } from '../../src/config/targets.js';
import type { Cluster } from './postgres-cluster.js';

export const targetOf = (
  cluster: Cluster,
  database: string,
  login: { user: string; password: string } = cluster,
): DatabaseTarget => ({
  name: 'main',
  host: cluster.host,
  port: cluster.port,
  user: login.user,
  password: login.password,
  database,
  parameters: {},
});
