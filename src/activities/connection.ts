// How the PostgreSQL programs of an attempt reach the server: by files in the operation's private folder, never by
// arguments that other users could read.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseTarget } from '../config/targets.js';
import { checkServer } from '../database/preflight.js';
import { writeConnectionFiles } from '../tools/postgres-connection.js';
import type { OperationAttempt } from './attempt.js';

export const connectionEnv = async (
  { scratch }: OperationAttempt,
  target: DatabaseTarget,
  applicationName: string,
): Promise<Record<string, string>> => {
  const folder = join(scratch, `connection-${target.name}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return writeConnectionFiles(folder, target, applicationName);
};

export const serverMajor = async (server: DatabaseTarget, applicationName: string): Promise<number> =>
  Math.floor((await checkServer(server, { applicationName })).serverVersion / 10000);
