// Retention of several repositories that hold copies of the same backups: each goes by its own rules, and none removes what
// another one is to keep and has no good copy of.
import { type Retention, retentionOf } from './retention.js';
import type { RetentionBackup, RetentionInput } from './retention-input.js';

export interface Held {
  repository: string;
  /** null: it does not answer. */
  backups: readonly RetentionBackup[] | null;
}

export interface Across {
  repository: string;
  /** null: it does not answer. */
  retention: Retention | null;
  /** Whether this repository is to hold a backup that another one has, by the rules it has itself. */
  wants: (backup: string) => boolean;
}

/** `held`: why backups may not go from any of them now. */
export type Asked = Omit<RetentionInput, 'repository' | 'backups'>;

/** In the same order. */
export const retentionAcross = (repositories: readonly Held[], asked: Asked): Across[] => {
  const known = knownBackups(repositories);
  const wanting = repositories.map((held) => wantedBy(held, known, asked));
  return wanting.map((own) => {
    const { repository, backups } = own.of;
    const held = new Map([...lackedBy(own, wanting), ...asked.held]);
    return {
      repository,
      retention: backups === null ? null : retentionOf({ ...asked, repository, backups, held }),
      wants: (backup) => !own.goes.has(backup),
    };
  });
};

/** Each once, as a repository says that has a good one. */
const knownBackups = (repositories: readonly Held[]): RetentionBackup[] => {
  const known = new Map<string, RetentionBackup>();
  for (const { backups } of repositories) {
    for (const backup of backups ?? []) {
      const other = known.get(backup.id);
      if (other === undefined || other.facts === null) known.set(backup.id, backup);
    }
  }
  return [...known.values()];
};

interface Wanting {
  of: Held;
  /** What its own rules keep of everything that is known, and it has no good copy of. */
  lacks: ReadonlySet<string>;
  /** What its own rules would remove. */
  goes: ReadonlySet<string>;
}

const wantedBy = (of: Held, known: readonly RetentionBackup[], asked: Asked): Wanting => {
  const { repository, backups } = of;
  const { verdicts } = retentionOf({ ...asked, repository, backups: known, held: new Map() });
  const good = new Set((backups ?? []).flatMap(({ id, facts }) => (facts === null ? [] : [id])));
  const kept = verdicts.filter(({ keptBy }) => keptBy !== null && keptBy !== 'unreadable');
  return {
    of,
    lacks: new Set(kept.map(({ backup }) => backup).filter((id) => !good.has(id))),
    goes: new Set(verdicts.filter(({ keptBy }) => keptBy === null).map(({ backup }) => backup)),
  };
};

/** What another repository is to keep and lacks, or perhaps lacks: it does not answer. */
const lackedBy = (own: Wanting, wanting: readonly Wanting[]): Map<string, string> => {
  const lacked = new Map<string, string>();
  for (const { of, lacks } of wanting.filter((other) => other !== own)) {
    const why = of.backups === null ? 'does not answer' : 'has no good copy yet';
    for (const backup of lacks) lacked.set(backup, `${of.repository} is to keep it and ${why}`);
  }
  return lacked;
};
