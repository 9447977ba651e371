// What `holdfast init` says: what it found, what it will write, and what that costs in space.
import type { Draft, FolderDraft } from '../../operations/init/draft.js';
import type { Surroundings } from '../../operations/init/look-around.js';
import { DATABASE_RATIO, type Space } from '../../operations/init/space.js';
import type { Decisions } from '../init/decisions.js';
import { countOf, formatBytes } from './format.js';

export const aroundLines = ({ candidates, folders, troubles }: Surroundings): string[] => [
  ...troubles.map((trouble) => `note: ${trouble}`),
  ...(candidates.length === 0 ? ['found no PostgreSQL database here'] : []),
  ...candidates.flatMap(({ label, remarks }) => [
    `found ${label}`,
    ...remarks.map((remark) => `note: ${remark}`),
  ]),
  ...folders.map((folder) => `found ${placeOf(folder)}`),
];

export const choiceLines = ({ draft, encrypt }: Decisions, space: Space): string[] => [
  `deployment ${draft.deployment}`,
  `  database    ${databaseWords(draft)}`,
  ...draft.folders.map((folder) => `  files       ${folder.name}: ${placeOf(folder)}`),
  ...(draft.services === null
    ? []
    : [`  services    ${draft.services.services.join(', ')}: a restore stops them`]),
  `  repository  ${draft.repository}${encrypt ? ', encrypted' : ''}`,
  `  tiers       ${draft.tiers.join(', ') || 'none: backups are made by hand'}`,
  ...spaceLines(space),
];

export const placeOf = (folder: FolderDraft): string =>
  'volume' in folder ? `volume ${folder.volume}` : folder.path;

const databaseWords = ({ database }: Draft): string => {
  if (database === null) return 'none';
  if (database.kind === 'url') return database.url;
  if (database.kind === 'parts' && database.host === null) return 'to be filled in';
  const name = database.name ?? 'one to be filled in';
  return database.kind === 'compose'
    ? `${name} in service ${database.service} of the Compose project ${database.project}`
    : `${name} at ${database.host}`;
};

const spaceLines = (space: Space): string[] => [
  ...space.unknown.map((sentence) => `  note: ${sentence}`),
  `  space       ${sources(space)}`,
  `              ${keptSentence(space)}${freeWords(space)}`,
];

const sources = ({ databaseBytes, files }: Space): string =>
  [
    ...(databaseBytes === null || databaseBytes === 0
      ? []
      : [
          `database ${formatBytes(databaseBytes)}, dumped and compressed to ${percent(DATABASE_RATIO)} (assumed)`,
        ]),
    ...(files.files === 0
      ? []
      : [
          `${files.more ? 'more than ' : ''}${countOf(files.files, 'file')}, ${formatBytes(files.bytes)}, ${
            files.ratio === null
              ? 'stored as they are'
              : `compressed to ${percent(files.ratio)} (measured on a sample)`
          }`,
        ]),
  ].join('; ') || 'nothing could be measured';

/** `23 backups of about 84.1 MB are kept in the end: 1.9 GB`; as a comment in the file, too. */
export const keptSentence = ({ kept, backupBytes, keptBytes, unknown, files }: Space): string => {
  const end = `${kept === 1 ? 'is' : 'are'} kept in the end`;
  if (backupBytes === 0) return `${countOf(kept, 'backup')} ${end}`;
  const least = unknown.length > 0 || files.more ? 'at least ' : '';
  return `${countOf(kept, 'backup')} of ${least || 'about '}${formatBytes(backupBytes)} ${end}: ${least}${formatBytes(keptBytes)}`;
};

const percent = (ratio: number): string => (ratio < 0.01 ? 'less than 1 %' : `${Math.round(ratio * 100)} %`);

const freeWords = ({ freeBytes, keptBytes }: Space): string => {
  if (freeBytes === null) return '';
  return freeBytes < keptBytes
    ? `; only ${formatBytes(freeBytes)} are free there: choose fewer tiers, another disk, or a restic repository`
    : `; ${formatBytes(freeBytes)} are free there`;
};
