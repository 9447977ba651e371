// The summaries of a deployment's manifests as one signed object beside its backups, so that whoever has an empty cache need not
// read thousands of small objects. Nothing depends on it: missing, damaged, old or a stranger's, it only makes a list slower.
import { gunzipSync, gzipSync } from 'node:zlib';
import type { RepositorySettings } from '../config/config.js';
import type { Effect } from '../domain/effect.js';
import { Failure } from '../domain/failure.js';
import { isTrusted, signatureSchema, signerOf, type Trust } from '../domain/signature.js';
import type { Repository } from '../repositories/repository.js';
import { entriesOf, type Line, linesOf, type ManifestCache, VERSION } from './cache.js';
import { isSignature, type SigningKey, signed } from './signing.js';

/** Fewer manifests are read one by one. */
export const WORTH_IT = 64;

/** Where each object costs a request or a program. */
export const cacheTravels = ({ kind }: Pick<RepositorySettings, 'kind'>): boolean =>
  kind === 's3' || kind === 'rclone';

interface Place {
  repository: Repository;
  deployment: string;
}

/**
 * Empty where there is none that somebody trusted has signed: who signed each manifest counts here because whoever signed the
 * object has looked. Manifests never change, so that an older one says nothing else of those that it has in common with the listing.
 */
export const readTravelling = async (
  { repository, deployment }: Place,
  trust: Trust,
): Promise<ManifestCache> => {
  try {
    const bytes = (await repository.get(keyOf(deployment))) ?? Buffer.alloc(0);
    const end = bytes.indexOf('\n');
    const signature = signatureSchema.parse(JSON.parse(bytes.toString('utf8', 0, Math.max(end, 0))));
    const packed = bytes.subarray(end + 1);
    if (!isTrusted(signerOf(signature.key, trust)) || !isSignature(signature, packed)) return NOTHING;
    const content: Content = JSON.parse(gunzipSync(packed, { maxOutputLength: MOST_BYTES }).toString('utf8'));
    return content.version === VERSION && content.deployment === deployment
      ? entriesOf(content.lines)
      : NOTHING;
  } catch {
    return NOTHING;
  }
};

/** Once it lacks enough of what is known. A repository that does not take it has lost nothing. */
export const storeTravelling = async (
  { repository, deployment }: Place,
  { known, key, effect }: { known: ManifestCache; key: SigningKey; effect: Effect },
): Promise<void> => {
  if (!cacheTravels(repository) || known.size < WORTH_IT) return;
  const there = await readTravelling({ repository, deployment }, { own: key.publicKey, keys: [] });
  const lacking = [...known].filter(([id, { bytes, modifiedAt }]) => {
    const one = there.get(id);
    return one?.bytes !== bytes || one.modifiedAt !== modifiedAt;
  });
  if (lacking.length < WORTH_IT) return;
  const content: Content = { version: VERSION, deployment, lines: linesOf(known) };
  const packed = gzipSync(JSON.stringify(content));
  const bytes = Buffer.concat([Buffer.from(`${JSON.stringify(signed(key, packed))}\n`), packed]);
  try {
    await repository.remove(keyOf(deployment), effect);
    await repository.put(keyOf(deployment), bytes, effect);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
  }
};

interface Content {
  version: number;
  /** Another one's is of no use, whoever signed it. */
  deployment: string;
  lines: readonly Line[];
}

const NOTHING: ManifestCache = new Map();

/** A million backups. */
const MOST_BYTES = 500 << 20;

/** Beside owner.json: no folder of a backup, so that no lock is put on it, and no listing takes it for one. */
const keyOf = (deployment: string): string => `${deployment}/summaries`;
