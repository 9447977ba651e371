// Where the Temporal CLI is, whose `server start-dev` is the embedded server.
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Failure } from '../domain/failure.js';
import { lookUp } from '../tools/find-program.js';
import { runProgram } from '../tools/process.js';

/** The version that scripts/temporal-cli.mjs fetches, and the oldest one that is used from PATH. */
const PINNED = '1.9.1';

/** TEMPORAL_CLI_PATH, else the pinned one, else one on PATH that is not older. @throws TOOL_MISSING */
export const findTemporalCli = async (): Promise<string> => {
  const chosen = process.env.TEMPORAL_CLI_PATH;
  if (chosen !== undefined && chosen !== '') {
    if (await isExecutable(chosen)) return chosen;
    throw missing(`TEMPORAL_CLI_PATH is ${chosen}, which is not a program`);
  }
  if (await isExecutable(pinnedPath())) return pinnedPath();
  const onPath = await lookUp('temporal');
  if (onPath === null) throw missing(`the Temporal CLI ${PINNED} is not installed`);
  const version = await temporalCliVersion(onPath);
  if (isAtLeast(version, PINNED)) return onPath;
  throw missing(`${onPath} is version ${version}; the embedded server needs ${PINNED} or a later 1.x`);
};

/** `1.9.1`: also the version that wrote a database file. */
export const temporalCliVersion = async (program: string): Promise<string> => {
  const { stdout } = await runProgram({ program, args: ['--version'] }, { timeoutMs: 10_000 });
  return /version (\d+\.\d+\.\d+)/.exec(stdout)?.[1] ?? 'unknown';
};

const pinnedPath = (): string => {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(cache, 'holdfast', `temporal-${PINNED}`, 'temporal');
};

const isExecutable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

const isAtLeast = (version: string, oldest: string): boolean => {
  const [major, minor, patch] = version.split('.').map(Number);
  const [wantedMajor, wantedMinor = 0, wantedPatch = 0] = oldest.split('.').map(Number);
  if (major !== wantedMajor || minor === undefined || patch === undefined) return false;
  return minor > wantedMinor || (minor === wantedMinor && patch >= wantedPatch);
};

const missing = (sentence: string): Failure => {
  const script = fileURLToPath(new URL('../../scripts/temporal-cli.mjs', import.meta.url));
  return new Failure('TOOL_MISSING', sentence, {
    hint: `fetch it with: node ${script} — or set TEMPORAL_CLI_PATH to a Temporal CLI`,
  });
};
