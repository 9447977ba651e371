// How a signature is written down: beside a manifest, and around each entry of the log.
import { z } from 'zod';

/** `ed25519:` and the base64 of the public key's 32 bytes, in its one spelling. */
export const PUBLIC_KEY_PATTERN = /^ed25519:[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/;

export const signatureSchema = z.strictObject({
  version: z.literal(1),
  key: z.string().regex(PUBLIC_KEY_PATTERN),
  /** Base64 of 64 bytes. */
  signature: z.string().regex(/^[A-Za-z0-9+/]{85}[AQgw]==$/),
});
export type Signature = z.output<typeof signatureSchema>;

/** Whose signatures count. */
export interface Trust {
  /** This host's public key; null: it has none yet. */
  own: string | null;
  /** Those that the configuration names. */
  keys: readonly string[];
}

/** `unknown`: the signature is good, and by a key that nobody here trusts. */
export type Signer = { kind: 'this host' | 'trusted' | 'unknown'; key: string } | { kind: 'nobody'; key: '' };

export const signerOf = (key: string, trust: Trust): Signer => {
  if (key === trust.own) return { kind: 'this host', key };
  return { kind: trust.keys.includes(key) ? 'trusted' : 'unknown', key };
};

export const isTrusted = ({ kind }: Signer): boolean => kind === 'this host' || kind === 'trusted';
