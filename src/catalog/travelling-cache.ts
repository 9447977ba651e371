// The summaries of a deployment's manifests as one signed object beside its backups, so that whoever has an empty cache need not
// read thousands of small objects. Nothing depends on it: missing, damaged, old or a stranger's, it only makes a list slower.
import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { RepositorySettings } from '../config/config.js';
import type { Effect } from '../domain/effect.js';
import { Failure } from '../domain/failure.js';
import { signatureSchema, type Trust } from '../domain/signature.js';
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
 * Each trusted signer's says only what its own manifests say: no more than it could say by signing a manifest, and no longer than
 * it is trusted. Manifests never change, so that an old object says nothing else of those that are still listed.
 */
export const readTravelling = async (place: Place, { own, keys }: Trust): Promise<ManifestCache> => {
  const signers = [...new Set([...(own === null ? [] : [own]), ...keys])];
  const found = await Promise.all(signers.map((signer) => readOf(place, signer)));
  return new Map(found.flatMap((one) => [...one]));
};

/** Empty where there is none that this key has signed. */
const readOf = async ({ repository, deployment }: Place, signer: string): Promise<ManifestCache> => {
  try {
    const bytes = (await repository.get(summariesKey(deployment, signer))) ?? Buffer.alloc(0);
    const end = bytes.indexOf('\n');
    const signature = signatureSchema.parse(JSON.parse(bytes.toString('utf8', 0, Math.max(end, 0))));
    const packed = bytes.subarray(end + 1);
    if (signature.key !== signer || !isSignature(signature, packed)) return NOTHING;
    const content: Content = JSON.parse(gunzipSync(packed, { maxOutputLength: MOST_BYTES }).toString('utf8'));
    if (content.version !== VERSION || content.deployment !== deployment) return NOTHING;
    return signedBy(signer, entriesOf(content.lines));
  } catch {
    return NOTHING;
  }
};

const signedBy = (signer: string, cache: ManifestCache): ManifestCache =>
  new Map([...cache].filter(([, one]) => one.signedBy === signer));

/** Once it lacks enough of what is known. A repository that does not take it has lost nothing. */
export const storeTravelling = async (
  { repository, deployment }: Place,
  { known, key, effect }: { known: ManifestCache; key: SigningKey; effect: Effect },
): Promise<void> => {
  const own = signedBy(key.publicKey, known);
  if (!cacheTravels(repository) || own.size < WORTH_IT) return;
  const there = await readOf({ repository, deployment }, key.publicKey);
  const lacking = [...own].filter(([id, { bytes, modifiedAt }]) => {
    const one = there.get(id);
    return one?.bytes !== bytes || one.modifiedAt !== modifiedAt;
  });
  if (lacking.length < WORTH_IT) return;
  const content: Content = { version: VERSION, deployment, lines: linesOf(own) };
  const packed = gzipSync(JSON.stringify(content));
  const bytes = Buffer.concat([Buffer.from(`${JSON.stringify(signed(key, packed))}\n`), packed]);
  try {
    await repository.remove(summariesKey(deployment, key.publicKey), effect);
    await repository.put(summariesKey(deployment, key.publicKey), bytes, effect);
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

/** Beside owner.json: in no folder of a backup, so that no lock is put on it, and no listing takes it for one. */
export const summariesKey = (deployment: string, signer: string): string =>
  `${deployment}/summaries-${createHash('sha256').update(signer).digest('hex').slice(0, 16)}`;
