// The contract, tried on somebody's own repository: writes, reads back, lists, tries to overwrite, removes. Everything goes
// into a folder of its own that no deployment can have, and is removed again.
import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { runEffect } from '../domain/effect.js';
import { asFailure, Failure } from '../domain/failure.js';
import { NOT_REGISTERED } from '../tools/process.js';
import type { Repository, StoredObject } from './repository.js';

export interface Proof {
  level: 'ok' | 'warning' | 'problem';
  message: string;
  hint: string;
}

interface Trial {
  repository: Repository;
  /** No deployment's: names have at most 41 characters. */
  folder: string;
  signal: AbortSignal;
}

/** Stops at the first promise that does not hold: the others build on it. Never rejects. */
export const proveRepository = async (repository: Repository, signal: AbortSignal): Promise<Proof[]> => {
  const trial = { repository, folder: `holdfast-doctor-tries-this-repository-out-${hex(4)}/trial`, signal };
  const proofs: Proof[] = [];
  try {
    for (const promise of PROMISES) proofs.push(ok(await promise(trial)));
  } catch (error) {
    proofs.push(problem(error));
  }
  // Where not even a probe could be written there is nothing to clear away.
  if (proofs[0]?.level === 'ok') proofs.push(await outcomeOf(() => clearAway(trial)));
  if (repository.kind === 'rclone') proofs.push(noConditionalPuts('rclone'));
  if (proofs[0]?.level === 'ok') proofs.push(...(await lookAtConditionalPuts(repository)));
  return proofs;
};

const MANIFEST = Buffer.from('{"holdfast":"doctor"}\n');
const ARTIFACT = 'trial.bin';
const BYTES = 3_000_000;

const writable = async ({ repository }: Trial): Promise<string> => {
  await repository.check();
  return `${repository.name} at ${repository.location} answers, and can be written`;
};

const stores = async (trial: Trial): Promise<string> => {
  const { repository, folder } = trial;
  const { bytes } = await store(trial);
  const listed = await repository.list(folder);
  const found = listed.find(({ key }) => key.startsWith(`${folder}/${ARTIFACT}`));
  if (found === undefined || listed.length !== 1)
    throw broken(repository, 'it lists something else than was stored');
  const read = await buffer(await repository.open(found.key));
  if (read.length !== found.bytes)
    throw broken(repository, `it gives ${read.length} of ${found.bytes} bytes back`);
  const half = Math.floor(read.length / 2);
  const rest = await buffer(await repository.open(found.key, half));
  if (!rest.equals(read.subarray(half)))
    throw broken(repository, 'it reads something else from the middle on');
  return `an artifact of ${bytes} bytes is stored, listed, and read back: as a whole, and from the middle on`;
};

const store = ({ repository, folder, signal }: Trial): Promise<StoredObject> =>
  repository.store(
    folder,
    {
      kind: 'programs',
      name: ARTIFACT,
      programs: [{ program: 'head', args: ['-c', String(BYTES), '/dev/urandom'] }],
    },
    { signal, processes: NOT_REGISTERED, stallTimeoutMs: 120_000, effect: runEffect, recipients: [] },
  );

const keeps = async ({ repository, folder }: Trial): Promise<string> => {
  const key = `${folder}/manifest.json`;
  for (let times = 0; times < 2; times++) await repository.put(key, MANIFEST, runEffect);
  await refusal(repository, 'it lets a manifest be overwritten', () =>
    repository.put(key, Buffer.from('{}\n'), runEffect),
  );
  const kept = await repository.get(key);
  if (kept?.equals(MANIFEST) !== true) throw broken(repository, 'a manifest is not what was put');
  return 'a manifest is put once: the same bytes again are fine, others are refused';
};

const isComplete = async (trial: Trial): Promise<string> => {
  await refusal(trial.repository, 'it lets an artifact of a complete backup be replaced', () => store(trial));
  return 'a complete backup does not change any more';
};

const removes = async ({ repository, folder }: Trial): Promise<string> => {
  await repository.removeFolder(folder, runEffect);
  const left = await repository.list(folder);
  const manifest = await repository.get(`${folder}/manifest.json`);
  if (left.length > 0 || manifest !== null) throw broken(repository, 'what was removed is still there');
  return 'a backup is removed, and gone already is fine';
};

const PROMISES = [writable, stores, keeps, isComplete, removes];

const clearAway = async ({ repository, folder }: Trial): Promise<string> => {
  await repository.removeFolder(folder, runEffect);
  await repository.removeFolder(folder.slice(0, folder.indexOf('/')), runEffect);
  return 'nothing of this trial is left';
};

/** Whatever comes instead of OPERATION_LOST is thrown. */
const refusal = async (
  repository: Repository,
  otherwise: string,
  act: () => Promise<unknown>,
): Promise<void> => {
  try {
    await act();
  } catch (error) {
    if (asFailure(error).code === 'OPERATION_LOST') return;
    throw error;
  }
  throw broken(repository, otherwise);
};

const broken = ({ name }: Repository, what: string): Failure =>
  new Failure('REPOSITORY_UNREACHABLE', `repository ${name} does not keep a promise: ${what}`, {
    hint: 'do not keep backups there; report it with the name and version of the server',
  });

const outcomeOf = async (run: () => Promise<string>): Promise<Proof> => {
  try {
    return ok(await run());
  } catch (error) {
    return problem(error);
  }
};

const ok = (message: string): Proof => ({ level: 'ok', message, hint: '' });

const problem = (error: unknown): Proof => {
  const { message, hint } = asFailure(error);
  return { level: 'problem', message, hint };
};

const lookAtConditionalPuts = async (repository: Repository): Promise<Proof[]> => {
  try {
    return (await repository.conditionalPuts?.()) === false ? [noConditionalPuts('its server')] : [];
  } catch (error) {
    return [problem(error)];
  }
};

const noConditionalPuts = (what: string): Proof => ({
  level: 'warning',
  message: `${what} has no conditional put: two hosts that begin to back up the same deployment at the same moment may not notice each other`,
  hint: 'give each host a repository or a deployment name of its own',
});

const hex = (bytes: number): string => randomBytes(bytes).toString('hex');
