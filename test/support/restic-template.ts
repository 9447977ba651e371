// A restic repository that is opened at once: restic makes a password costly to guess, half a second for each command, which
// a test has no use for. Its key is the same, sealed with the cheapest parameters that restic takes.
import { execFileSync } from 'node:child_process';
import { createCipheriv, createDecipheriv, createHash, scryptSync } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export const TEMPLATE_PASSWORD = 'a password';

/** @param folder where it is made; the one above is there */
export const makeResticTemplate = async (folder: string): Promise<void> => {
  execFileSync('restic', ['--no-cache', '--repo', folder, 'init', '--repository-version=2'], {
    env: { ...process.env, RESTIC_PASSWORD: TEMPLATE_PASSWORD },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const keys = join(folder, 'keys');
  const [name = ''] = await readdir(keys);
  const key = JSON.parse(await readFile(join(keys, name), 'utf8'));
  const master = open(Buffer.from(key.data, 'base64'), derived(key));
  const cheap = { ...key, N: 2, r: 1, p: 1 };
  const text = JSON.stringify({ ...cheap, data: seal(master, derived(cheap)).toString('base64') });
  await rm(join(keys, name), { force: true });
  await mkdir(keys, { recursive: true });
  await writeFile(join(keys, createHash('sha256').update(text).digest('hex')), text, { mode: 0o600 });
};

interface Derived {
  encryption: Buffer;
  /** Of Poly1305-AES: the key of its AES, and r. */
  k: Buffer;
  r: Buffer;
}

const derived = ({ N, r, p, salt }: { N: number; r: number; p: number; salt: string }): Derived => {
  const bytes = scryptSync(TEMPLATE_PASSWORD, Buffer.from(salt, 'base64'), 64, { N, r, p, maxmem: 1 << 30 });
  return { encryption: bytes.subarray(0, 32), k: bytes.subarray(32, 48), r: bytes.subarray(48) };
};

const IV_BYTES = 16;

const open = (sealed: Buffer, { encryption }: Derived): Buffer => {
  const decipher = createDecipheriv('aes-256-ctr', encryption, sealed.subarray(0, IV_BYTES));
  return decipher.update(sealed.subarray(IV_BYTES, -16));
};

const seal = (plain: Buffer, keys: Derived): Buffer => {
  const iv = Buffer.alloc(IV_BYTES, 7);
  const ciphertext = createCipheriv('aes-256-ctr', keys.encryption, iv).update(plain);
  return Buffer.concat([iv, ciphertext, poly1305Aes(ciphertext, iv, keys)]);
};

const poly1305Aes = (message: Buffer, nonce: Buffer, { k, r }: Derived): Buffer => {
  const cipher = createCipheriv('aes-128-ecb', k, null).setAutoPadding(false);
  const clamped = littleEndian(r) & 0x0ffffffc0ffffffc0ffffffc0fffffffn;
  let sum = 0n;
  for (let at = 0; at < message.length; at += 16) {
    const block = message.subarray(at, at + 16);
    sum = ((sum + littleEndian(block) + (1n << BigInt(8 * block.length))) * clamped) % ((1n << 130n) - 5n);
  }
  const tag = (sum + littleEndian(cipher.update(nonce))) & ((1n << 128n) - 1n);
  return Buffer.from(tag.toString(16).padStart(32, '0'), 'hex').reverse();
};

const littleEndian = (bytes: Buffer): bigint => BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
