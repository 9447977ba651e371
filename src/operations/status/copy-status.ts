// What is where, and what is missing.
import type { RepositoryRetention } from '../../catalog/retention.js';
import type { RepositoryFacts } from '../../catalog/retention-facts.js';
import { Failure } from '../../domain/failure.js';
import type { CopyLease } from '../copies/copy-lease.js';
import type { GoodBackup } from '../good-backups.js';
import type { CopyStatus } from './status.js';

export interface CopyFacts {
  repositories: readonly RepositoryFacts[];
  /** What each repository is to hold: asked only where one lacks something. */
  plans: () => readonly RepositoryRetention[];
  good: readonly GoodBackup[];
  /** Of copies that somebody is at. */
  leases: readonly CopyLease[];
}

export const copyStatus = ({ repositories, plans, good, leases }: CopyFacts): CopyStatus[] =>
  repositories.map(({ settings, backups, bytes, stored }) => {
    const { name: repository } = settings;
    const nothing = { repository, backups: 0, bytes: 0, missing: [], copying: [], doubtful: [] };
    if (backups instanceof Failure) return { ...nothing, problem: backups.message };
    const whole = backups.filter(({ facts }) => facts !== null).map(({ id }) => id);
    const unreadable = new Set(stored.filter(({ summary }) => summary === null).map(({ id }) => id));
    const doubtful = backups.flatMap(({ id, facts, problem }) =>
      facts === null
        ? [{ backup: id, problem, damaged: unreadable.has(id) || / damaged /.test(problem) }]
        : [],
    );
    // A damaged one is to be repaired: a copy would find it there.
    const damaged = doubtful.filter((one) => one.damaged).map(({ backup }) => backup);
    const lacked = lackedBy(new Set([...whole, ...damaged]), good);
    const plan = lacked.length === 0 ? undefined : plans().find((one) => one.settings.name === repository);
    const lacking = lacked.filter((id) => plan?.wants(id) ?? false);
    const underWay = new Set(leases.filter(({ to }) => to === repository).map(({ backup }) => backup));
    return {
      ...{ repository, problem: '', backups: whole.length },
      bytes: whole.reduce((sum, id) => sum + (bytes.get(id) ?? 0), 0),
      missing: lacking,
      copying: lacking.filter((id) => underWay.has(id)),
      doubtful,
    };
  });

const lackedBy = (held: ReadonlySet<string>, good: readonly GoodBackup[]): string[] =>
  good.map(({ id }) => id).filter((id) => !held.has(id));
