// restic: how it is called. It compresses, encrypts and deduplicates by itself; 0.14 and newer are known.
import type { Command } from './command.js';

export interface ResticPlace {
  /** As restic takes it: a path, or `s3:https://…`. */
  repository: string;
  /** Its password, and what its storage needs: secrets never stand in arguments. */
  env: Readonly<Record<string, string>>;
  /** It lies on this host: a cache of it would be a second copy of its index. */
  local: boolean;
  /** Bytes that it may send in a second. */
  bandwidth?: number;
}

/** What a snapshot is known by. None of them holds a comma. */
export interface ResticLabels {
  host: string;
  tags: readonly string[];
}

const restic = ({ repository, env, local, bandwidth }: ResticPlace, args: readonly string[]): Command => ({
  program: 'restic',
  args: [
    ...(local ? ['--no-cache'] : []),
    ...(bandwidth === undefined ? [] : [`--limit-upload=${Math.floor(bandwidth / 1024)}`]),
    ...args,
  ],
  env: { ...env, RESTIC_REPOSITORY: repository, RESTIC_PROGRESS_FPS: '0.1' },
});

/** Without a host: those of all hosts. */
const labelled = ({ host, tags }: ResticLabels): string[] => [
  ...(host === '' ? [] : [`--host=${host}`]),
  `--tag=${tags.join(',')}`,
];

/** Its stdin as one file. Prints a summary (resticSummary) when the snapshot is there. */
export const resticStore = (place: ResticPlace, path: string, labels: ResticLabels): Command =>
  restic(place, ['backup', '--json', '--quiet', ...labelled(labels), '--stdin', `--stdin-filename=${path}`]);

/** What is in a folder, by its paths there: whoever starts it may die, and the snapshot holds all of it or is not there. */
export const resticStoreWithin = (place: ResticPlace, folder: string, labels: ResticLabels): Command => {
  const command = resticStoreFolder(place, '.', labels);
  return {
    ...command,
    program: 'sh',
    name: 'restic',
    args: ['-c', 'cd -- "$0" && exec restic "$@"', folder, ...command.args],
  };
};

export const resticStoreFolder = (place: ResticPlace, folder: string, labels: ResticLabels): Command =>
  restic(place, ['backup', '--json', '--quiet', '--ignore-inode', ...labelled(labels), '--', folder]);

/** Those that carry all of these labels, as JSON (resticSnapshots). */
export const resticList = (place: ResticPlace, labels: ResticLabels): Command =>
  restic(place, ['snapshots', '--json', '--no-lock', ...labelled(labels)]);

/** Of every host, whatever their labels. */
export const resticListAll = (place: ResticPlace): Command =>
  restic(place, ['snapshots', '--json', '--no-lock']);

/** As resticList, and leaves a lock for that moment: it fails where nothing can be written. */
export const resticProbe = (place: ResticPlace): Command =>
  restic(place, ['snapshots', '--json', '--tag=holdfast,probe']);

/** One file's bytes; of a folder a tar archive with the files in the order of their names. Unlocked where nothing can be written. */
export const resticDump = (
  place: ResticPlace,
  { snapshot, path, locked }: { snapshot: string; path: string; locked: boolean },
): Command => restic(place, ['dump', '--archive=tar', ...(locked ? [] : ['--no-lock']), snapshot, path]);

/** By id alone, never by policy: what is kept is decided elsewhere. Frees nothing yet. */
export const resticForget = (place: ResticPlace, snapshots: readonly string[]): Command =>
  restic(place, ['forget', ...snapshots]);

/** Removes what no snapshot needs, and moves at most so much for it. Nobody else can use the repository meanwhile. */
export const resticPrune = (place: ResticPlace): Command =>
  restic(place, ['prune', '--max-unused=10%', '--max-repack-size=4G']);

/** Of everything but the contents. Nobody else can use it while it is locked. Ends with 1 when something is wrong. */
export const resticCheck = (place: ResticPlace, { locked }: { locked: boolean }): Command =>
  restic(place, ['check', ...(locked ? [] : ['--no-lock'])]);

/** Snapshots of `from`, with their labels, to `place`; what is there already is not sent. Says how many packs of how many. */
export const resticCopy = (place: ResticPlace, from: ResticPlace, snapshots: readonly string[]): Command => {
  const { RESTIC_PASSWORD: password = '', ...environment } = from.env;
  const env = {
    ...{ ...environment, ...place.env },
    RESTIC_FROM_REPOSITORY: from.repository,
    RESTIC_FROM_PASSWORD: password,
  };
  const slow = from.bandwidth === undefined ? [] : [`--limit-download=${Math.floor(from.bandwidth / 1024)}`];
  return restic({ ...place, env, local: place.local && from.local }, ['copy', ...slow, ...snapshots]);
};

/** What a killed copy sent is found again. Nobody else can use the repository meanwhile. Newer ones call it repair index. */
export const resticAdopt = (place: ResticPlace): Command => restic(place, ['rebuild-index']);

/** Only the locks of programs that are dead, or of other hosts that said nothing for half an hour. */
export const resticUnlock = (place: ResticPlace): Command => restic(place, ['unlock']);

export const resticInit = (place: ResticPlace): Command => restic(place, ['init', '--repository-version=2']);

/** What is in a snapshot, a line of JSON each (resticFileBytes). */
export const resticContents = (place: ResticPlace, snapshot: string): Command =>
  restic(place, ['ls', '--json', '--no-lock', snapshot]);

/** Which packs an index names and what is in them, as JSON (resticPacks). */
export const resticIndex = (place: ResticPlace, id: string): Command =>
  restic(place, ['cat', 'index', id, '--no-lock']);

/** One chunk's bytes; none other than those that its id is the SHA-256 of. */
export const resticBlob = (place: ResticPlace, id: string): Command =>
  restic(place, ['cat', 'blob', id, '--no-lock']);
