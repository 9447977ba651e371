// The globals of a backup as text: small, and read whole, since nothing of it runs before its hash is known to be right.
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { readDocument } from '../catalog/read-document.js';
import type { RepositorySettings } from '../config/config.js';
import type { Manifest } from '../domain/manifest.js';
import { NOT_REGISTERED, runPipeline } from '../tools/process.js';
import { decoders } from './stored-artifacts.js';

export interface GlobalsPlace {
  settings: RepositorySettings;
  /** Path of the file with the key; null: there is none. */
  identity: string | null;
}

/** null: the backup has none. */
export const readGlobals = async (
  manifest: Manifest,
  { settings, identity }: GlobalsPlace,
): Promise<string | null> => {
  const artifact = manifest.artifacts.find(({ kind }) => kind === 'globals');
  if (artifact === undefined) return null;
  const bytes = await readDocument(settings, manifest, artifact.name);
  const programs = decoders(artifact, identity);
  if (programs.length === 0) return bytes.toString('utf8');
  let script = '';
  await runPipeline(programs, {
    signal: new AbortController().signal,
    processes: NOT_REGISTERED,
    stallTimeoutMs: 60_000,
    input: Readable.from([bytes]),
    consume: async (stdout) => {
      script = await text(stdout);
    },
  });
  return script;
};
