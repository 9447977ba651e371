// A restic repository that is opened at once: restic makes a password costly to guess, half a second for each command, which
// a test has no use for. Its key is the same, sealed with the cheapest parameters that restic takes.
import { execFileSync } from 'node:child_process';
import { createCipheriv, createDecipheriv, createHash, scryptSync } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const TEMPLATE_PASSWORD = 'a password';

/** An empty one. @param folder is made; the one above is there */
export const makeResticTemplate = async (folder: string, password = TEMPLATE_PASSWORD): Promise<void> => {
  const template = templates.get(password) ?? initialised(password);
  templates.set(password, template);
  await mkdir(folder);
  for (const { path, bytes } of await template)
    await (bytes === null
      ? mkdir(join(folder, path))
      : writeFile(join(folder, path), bytes, { mode: 0o600 }));
};

interface Entry {
  path: string;
  /** null: a folder. Folders come before what is in them. */
  bytes: Buffer | string | null;
}

/** By their passwords: this process needs each of them once. */
const templates = new Map<string, Promise<Entry[]>>();

const initialised = async (password: string): Promise<Entry[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-restic-template-'));
  execFileSync('restic', ['--no-cache', '--repo', folder, 'init', '--repository-version=2'], {
    env: { ...process.env, RESTIC_PASSWORD: password },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const entries: Entry[] = [];
  for (const path of (await readdir(folder, { recursive: true })).toSorted()) {
    const bytes = await readFile(join(folder, path)).catch(() => null);
    entries.push(path.startsWith('keys/') && bytes !== null ? cheapKey(bytes, password) : { path, bytes });
  }
  await rm(folder, { recursive: true });
  return entries;
};

const cheapKey = (costly: Buffer, password: string): Entry => {
  const key = JSON.parse(costly.toString());
  const master = open(Buffer.from(key.data, 'base64'), derived(password, key));
  const cheap = { ...key, N: 2, r: 1, p: 1 };
  const bytes = JSON.stringify({ ...cheap, data: seal(master, derived(password, cheap)).toString('base64') });
  return { path: `keys/${createHash('sha256').update(bytes).digest('hex')}`, bytes };
};

interface Derived {
  encryption: Buffer;
  /** Of Poly1305-AES: the key of its AES, and r. */
  k: Buffer;
  r: Buffer;
}

interface Cost {
  N: number;
  r: number;
  p: number;
  salt: string;
}

const derived = (password: string, { N, r, p, salt }: Cost): Derived => {
  const bytes = scryptSync(password, Buffer.from(salt, 'base64'), 64, { N, r, p, maxmem: 1 << 30 });
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
