// Names that people choose and ids that holdfast makes: their exact patterns, checked before any use.

/** Deployments, databases, trees, repositories, tiers, agents. */
export const NAME_PATTERN = /^[a-z0-9][a-z0-9-]{0,40}$/;

export const isName = (text: unknown): text is string => typeof text === 'string' && NAME_PATTERN.test(text);

/** Of a backup that a restore in place makes of what it replaces: never the `latest` one. */
export const SAFETY_TIER = 'safety';

export const BACKUP_TYPES = ['full', 'database', 'files'] as const;
export type BackupType = (typeof BACKUP_TYPES)[number];

/** `20260111T224748Z-full-3f9a`: sorts by time. */
export const BACKUP_ID_PATTERN = /^\d{8}T\d{6}Z-(full|database|files)-[0-9a-f]{4}$/;

export const isBackupId = (text: unknown): text is string =>
  typeof text === 'string' && BACKUP_ID_PATTERN.test(text) && !Number.isNaN(backupTime(text).getTime());

/** When it began, by its id: known of a backup whose manifest cannot be read, too. */
export const backupTime = (id: string): Date =>
  new Date(id.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z.*$/, '$1-$2-$3T$4:$5:$6Z'));

/** `full`; empty where the id is none. */
export const backupType = (id: string): string => id.split('-')[1] ?? '';

/** @param random four hexadecimal digits: two backups of one second differ in them */
export const backupId = (at: Date, type: BackupType, random: string): string =>
  `${at.toISOString().replace(/[-:]/g, '').slice(0, 15)}Z-${type}-${random}`;

/** What one operation leaves beside the live data carries its id: ten hexadecimal digits. */
export const OPERATION_ID_PATTERN = /^[0-9a-f]{10}$/;

export type SideRole = 'new' | 'previous';

/** 28 bytes and an index, so it fits PostgreSQL's 63 whatever the live name is. One database of the deployment, one index. */
export const sideDatabaseName = (operation: string, role: SideRole, index = 0): string =>
  `holdfast_${operation}${index === 0 ? '' : `_${index}`}_${role}`;

export const SIDE_DATABASE_PATTERN = /^holdfast_[0-9a-f]{10}(_\d+)?_(new|previous)$/;

export const sideFolderName = (operation: string, tree: string, role: SideRole): string =>
  `.holdfast-${operation}-${tree}-${role}`;

export const SIDE_FOLDER_PATTERN = /^\.holdfast-[0-9a-f]{10}-[a-z0-9][a-z0-9-]{0,40}-(new|previous)$/;

/** Every walk, archive and comparison leaves these out. */
export const SIDE_FOLDER_GLOB = '.holdfast-*';

/** Where a restore puts what it never swaps in: in the tree's own folder, named after the backup; no backup holds it. */
export const asideFolderName = (backup: string, index = 0): string =>
  `restored-${backup}${index === 0 ? '' : `-${index + 1}`}`;

export const ASIDE_FOLDER_PATTERN = /^restored-\d{8}T\d{6}Z-(full|database|files)-[0-9a-f]{4}(-\d+)?$/;
