// The table of `holdfast list`.
import { formatAge } from '../../domain/age.js';
import type { ListedBackup } from './backup-facts.js';
import { formatBytes, formatCount } from './format.js';
import { type Column, table } from './table.js';

const COLUMNS: Column[] = [
  { title: 'DEPLOYMENT' },
  { title: 'BACKUP' },
  { title: 'AGE', align: 'right' },
  { title: 'TYPE' },
  { title: 'SIZE', align: 'right' },
  { title: 'ROWS', align: 'right' },
  { title: 'TABLES', align: 'right' },
  { title: 'FILES', align: 'right' },
  { title: 'PROVED' },
  { title: 'REPOSITORIES' },
  { title: 'PROBLEM' },
];

export const listLines = (backups: readonly ListedBackup[], now: Date): string[] =>
  table(
    COLUMNS,
    backups.map((backup) => cells(backup, now)),
  );

const cells = (backup: ListedBackup, now: Date): string[] => [
  backup.deployment,
  backup.backup,
  formatAge(new Date(backup.at), now),
  backup.type,
  backup.problem === '' ? formatBytes(backup.bytes) : '',
  backup.tables ? formatCount(backup.rows ?? 0) : '',
  countCell(backup.tables),
  countCell(backup.files),
  provedCell(backup, now),
  backup.repositories.join(', '),
  problemCell(backup),
];

/** `restored 3 d ago`. */
const provedCell = ({ proved }: ListedBackup, now: Date): string =>
  proved === null || proved.how === 'none' ? '' : `${proved.how} ${formatAge(new Date(proved.at), now)} ago`;

/** Of a backup that has a good copy, those that are not. */
const problemCell = ({ problem, damaged }: ListedBackup): string =>
  problem !== '' ? problem : damaged.map((copy) => `${copy.repository}: ${copy.problem}`).join('; ');

/** What a backup does not contain is left out: a row count of nothing says nothing. */
const countCell = (count: number | null): string => (count ? formatCount(count) : '');
