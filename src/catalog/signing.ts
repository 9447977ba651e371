// Ed25519: bytes are signed as they are, so that stock tools can check them (openssl pkeyutl -verify -rawin).
import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import type { Signature } from '../domain/signature.js';

export interface SigningKey {
  /** `ed25519:…`. */
  publicKey: string;
  privateKey: KeyObject;
}

export const signed = ({ publicKey, privateKey }: SigningKey, bytes: Buffer): Signature => ({
  version: 1,
  key: publicKey,
  signature: sign(null, bytes, privateKey).toString('base64'),
});

/** Whether its own key has signed just these bytes; whose key that is, is another question. */
export const isSignature = ({ key, signature }: Signature, bytes: Buffer): boolean => {
  try {
    return verify(null, bytes, publicKeyObject(key), Buffer.from(signature, 'base64'));
  } catch {
    // Not every 32 bytes are a point of the curve.
    return false;
  }
};

/** @param key a public or a private one */
export const publicKeyText = (key: KeyObject): string => {
  const { x = '' } = createPublicKey(key.export({ type: 'pkcs8', format: 'pem' })).export({ format: 'jwk' });
  return `${PREFIX}${Buffer.from(x, 'base64url').toString('base64')}`;
};

/** For openssl. @param key `ed25519:…` */
export const publicKeyPem = (key: string): string =>
  publicKeyObject(key).export({ type: 'spki', format: 'pem' }).toString();

const PREFIX = 'ed25519:';

const publicKeyObject = (key: string): KeyObject => {
  const x = Buffer.from(key.slice(PREFIX.length), 'base64').toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
};
