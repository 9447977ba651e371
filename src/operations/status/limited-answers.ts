// A page must be through, whatever its repositories do: each is asked once whether it is there, and one that does not say so in
// time, or does not get on, is asked no more.
import { stat } from 'node:fs/promises';
import type { Answering } from '../../catalog/answering.js';
import type { RepositorySettings } from '../../config/config.js';
import { asFailure, Failure } from '../../domain/failure.js';
import { mayHang } from '../../files/network-mount.js';
import { openRepository } from '../../repositories/open-repository.js';
import { runProgram } from '../../tools/process.js';

export interface Limits {
  /** For the first answer, and for each list. Milliseconds. */
  firstMs: number;
  eachMs: number;
}

const LIMITS: Limits = { firstMs: 10_000, eachMs: 60_000 };

/** @param expected whether something must lie in a repository by now: then its folder cannot be missing */
export const limitedAnswers = (
  expected: (repository: string) => Promise<boolean>,
  limits: Limits = LIMITS,
): Answering => {
  const first = new Map<string, Promise<Failure | null>>();
  const given = new Map<string, Failure>();
  const look = async (settings: RepositorySettings): Promise<void> => {
    if (settings.kind !== 'local') await openRepository(settings).get(NOTHING);
    else if (!(await isFolder(settings.path, limits)) && (await expected(settings.name)))
      throw new Failure(
        'REPOSITORY_UNREACHABLE',
        `repository ${settings.name} at ${settings.path}: the folder is missing`,
      );
  };
  return async (settings, ask) => {
    const { name } = settings;
    const asked = first.get(name) ?? failureOf(within(limits.firstMs, name, () => look(settings)));
    first.set(name, asked);
    const failure = given.get(name) ?? (await asked);
    if (failure !== null) throw failure;
    return within(limits.eachMs, name, ask).catch((error: unknown) => {
      if (error instanceof Failure && error.code === 'REPOSITORY_UNREACHABLE') given.set(name, error);
      throw error;
    });
  };
};

/** An object that nobody stores. */
const NOTHING = 'holdfast-status';

/**
 * Of a disk of another machine a process of its own asks: who asks for a folder there while that machine is gone hangs and cannot
 * be ended, and this process could not end either.
 */
const isFolder = async (path: string, { firstMs }: Limits): Promise<boolean> => {
  if (!(await mayHang(path)))
    return stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    );
  const command = { program: 'stat', args: ['--', path], acceptedExitCodes: [1] };
  return (await runProgram(command, { timeoutMs: firstMs })).exitCode === 0;
};

const within = async <T>(ms: number, name: string, ask: () => Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(tooLate(name, ms)), ms);
  });
  try {
    return await Promise.race([ask(), late]);
  } finally {
    clearTimeout(timer);
  }
};

const tooLate = (repository: string, ms: number): Failure =>
  new Failure('REPOSITORY_UNREACHABLE', `repository ${repository} did not answer within ${ms / 1000} s`);

const failureOf = (asked: Promise<unknown>): Promise<Failure | null> => asked.then(() => null, asFailure);
