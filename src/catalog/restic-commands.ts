// The commands that fetch a backup's artifacts out of a restic repository, into the files that RESTORE.md goes on with.
import type { Manifest, StoredArtifact } from '../domain/manifest.js';
import { shellQuote } from './restore-commands.js';

/** Each artifact is the newest snapshot of its key. sha256sum says afterwards whether it is the very one. */
export const fetchCommands = ({ deployment, id, artifacts }: Manifest, repository: string): string[] => [
  `export RESTIC_REPOSITORY=${shellQuote(repository)}`,
  ...artifacts.flatMap((artifact) =>
    fetchOne(artifact, { deployment, key: `${deployment}/${id}/${artifact.name}` }),
  ),
];

const fetchOne = (
  { kind, name }: StoredArtifact,
  { deployment, key }: { deployment: string; key: string },
): string[] => {
  // What is put with a commit is no data.
  const data = kind === 'secrets' ? '' : 'data,';
  const found = `--host=${deployment} --tag=holdfast,${data}key=${key}`;
  if (kind !== 'files') return [`restic dump ${found} latest ${key} > ${name}`];
  // An archive lies in parts of small pieces: tar puts a part together, and fails where there is no further part.
  return [
    `: > ${name}`,
    'part=0',
    `while restic dump --archive=tar ${found},part=$part latest / 2>/dev/null | tar -xOf - 2>/dev/null >> ${name}`,
    'do part=$((part + 1)); done',
  ];
};
