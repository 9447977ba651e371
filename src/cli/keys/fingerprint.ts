// A public key in so few letters that a person can compare and type them.
import { createHash } from 'node:crypto';

/** The first 96 bits of its SHA-256, `1f3a 99c0 77de 4b21 5c00 e8d1`: nobody finds another key with the same ones. */
export const fingerprint = (key: string): string =>
  (createHash('sha256').update(key).digest('hex').slice(0, 24).match(/.{4}/g) ?? []).join(' ');

export const isFingerprint = (typed: string, key: string): boolean =>
  typed.replace(/[^0-9a-f]/gi, '').toLowerCase() === fingerprint(key).replaceAll(' ', '');
