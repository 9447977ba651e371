// The key that signs what this host writes: made at the agent's first start, private to its user, never sent anywhere.
import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { link, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Config } from '../config/config.js';
import { readTrustedFile } from '../config/trusted-file.js';
import { Failure } from '../domain/failure.js';
import type { Trust } from '../domain/signature.js';
import { makeFolders, syncFolder, writeDurably } from '../tools/sync.js';
import { publicKeyText, type SigningKey } from './signing.js';

export const signingKeyFile = (state: string): string => join(state, 'keys', 'signing.pem');

/** The same for as long as the state folder lives; of two that make it at once, one wins. */
export const signingKey = async (state: string): Promise<SigningKey> => {
  const known = await knownSigningKey(state);
  if (known !== null) return known;
  await makeKey(signingKeyFile(state));
  const made = await knownSigningKey(state);
  if (made !== null) return made;
  throw damaged(state, 'is gone again');
};

/** null: this state folder has had no agent yet. Failure STATE_DAMAGED when others could have read or changed it. */
export const knownSigningKey = async (state: string): Promise<SigningKey | null> => {
  const found = await readTrustedFile(signingKeyFile(state), { maxBytes: 4096, secret: true });
  if (found.kind === 'missing') return null;
  if (found.kind === 'refused') throw damaged(state, found.problem);
  const privateKey = parsed(found.text);
  if (privateKey?.asymmetricKeyType !== 'ed25519') throw damaged(state, 'holds no Ed25519 key');
  return { publicKey: publicKeyText(privateKey), privateKey };
};

/** Whose signatures count here: this host's, and those that holdfast.yaml names. */
export const trustOf = async ({ state, trust }: Pick<Config, 'state' | 'trust'>): Promise<Trust> => ({
  ...(await ownTrust(state)),
  keys: trust,
});

/** For what this host itself has made, where no configuration is at hand. */
export const ownTrust = async (state: string): Promise<Trust> => ({
  own: (await knownSigningKey(state))?.publicKey ?? null,
  keys: [],
});

const parsed = (text: string): KeyObject | null => {
  try {
    return createPrivateKey(text);
  } catch {
    return null;
  }
};

/** Never overwritten: linked to its name when it is complete and durable. */
const makeKey = async (path: string): Promise<void> => {
  const { privateKey } = generateKeyPairSync('ed25519');
  await makeFolders(dirname(path));
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await writeDurably(temporary, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    await link(temporary, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    await syncFolder(dirname(path));
  } finally {
    await rm(temporary, { force: true });
  }
};

const damaged = (state: string, problem: string): Failure =>
  new Failure('STATE_DAMAGED', `the signing key ${signingKeyFile(state)} ${problem}`, {
    hint: 'if others may have read it, move it aside: a new one is made, and name the old public key under trust; else mend its owner and mode',
  });
