// What becomes of ciphertext that was cut or changed, at every class of offset: age gives what it has decrypted before it fails.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, expect, it } from 'vitest';
import type { StoredArtifact } from '../../src/domain/manifest.js';
import { decoders } from '../../src/operations/stored-artifacts.js';
import { openBeginning } from '../../src/operations/try-key.js';
import { NOT_REGISTERED, runPipeline } from '../../src/tools/process.js';
import { ageKey } from '../support/age-keys.js';
import { sampleManifest } from '../unit/cli/sample-manifest.js';

const folder = await mkdtemp(join(tmpdir(), 'holdfast-tampered-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

const key = ageKey(folder, 'mine');
/** Nothing of it can be compressed: more than two of the pieces, of 64 KiB each, that age works by. */
const contents = randomBytes(300_000);
const zst = execFileSync('zstd', ['-2', '-c'], { input: contents, maxBuffer: 1 << 28 });
const whole = execFileSync('age', ['--recipient', key.recipient], { input: zst, maxBuffer: 1 << 28 });
const stanza = whole.indexOf('-> X25519 ') + 20;
const mac = whole.indexOf('\n--- ') + 8;
const nonce = whole.indexOf('\n', mac) + 1;
const payload = nonce + 16;
const PIECE = 65_536 + 16;

const ARTIFACT: StoredArtifact = {
  name: 'globals.sql.zst.age',
  kind: 'globals',
  source: '',
  bytes: whole.length,
  rawBytes: contents.length,
  sha256: '0'.repeat(64),
  transforms: ['zstd', 'age'],
};
const { signal } = new AbortController();

/** How many bytes came out before it failed. */
const decode = async (bytes: Buffer): Promise<number> => {
  let seen = 0;
  await runPipeline(decoders(ARTIFACT, key.file), {
    ...{ signal, processes: NOT_REGISTERED, stallTimeoutMs: 0 },
    input: Readable.from([bytes]),
    consume: async (stdout) => {
      for await (const chunk of stdout as AsyncIterable<Buffer>) seen += chunk.length;
    },
  });
  return seen;
};

const open = (bytes: Buffer) =>
  openBeginning(
    {
      manifest: { ...sampleManifest, recipients: [key.recipient] },
      repository: { name: 'local', open: async () => Readable.from([bytes]) },
      folder: 'edms/b1',
    },
    { artifacts: [ARTIFACT], atLeast: 1 },
    { encryption: { recipients: [key.recipient], identity: `file:${key.file}` }, folder, signal },
  );

const LETTER_A = 'A'.charCodeAt(0);

const replaced = (offset: number, byte: number): Buffer => {
  const bytes = Buffer.from(whole);
  bytes.writeUInt8(byte, offset);
  return bytes;
};

const flipped = (offset: number): Buffer => replaced(offset, whole.readUInt8(offset) ^ 1);

it('has the parts that are tampered with below, and decodes as it is', async () => {
  expect(whole.length).toBeGreaterThan(payload + 2 * PIECE);
  expect(await decode(whole)).toBe(contents.length);
  expect(await open(whole)).toBe(ARTIFACT.name);
});

it.each([
  ['in the first line', 3],
  ['in the header’s checksum', mac],
  ['in the nonce', nonce + 3],
  ['in the first piece', payload + 100],
  ['in the second piece', payload + PIECE + 100],
  ['in the last byte', whole.length - 1],
])('a byte that is flipped %s is a damaged artifact', async (_where, offset) => {
  await expect(decode(flipped(offset))).rejects.toMatchObject({ code: 'CORRUPT_ARTIFACT' });
});

it('a byte in the recipient’s part that reads as another key is not blamed on the key', async () => {
  const other = replaced(stanza, whole.readUInt8(stanza) === LETTER_A ? LETTER_A + 1 : LETTER_A);
  await expect(decode(other)).rejects.toMatchObject({ code: 'WRONG_KEY' });
  await expect(open(other)).rejects.toMatchObject({
    code: 'CORRUPT_ARTIFACT',
    message: expect.stringContaining('its header is another one'),
  });
});

it('a byte in the recipient’s part that is not base64 is a damaged artifact', async () => {
  const other = replaced(stanza, '*'.charCodeAt(0));
  await expect(decode(other)).rejects.toMatchObject({ code: 'CORRUPT_ARTIFACT' });
  await expect(open(other)).rejects.toMatchObject({ code: 'CORRUPT_ARTIFACT' });
});

it.each([
  ['before its first byte', 0],
  ['in the first line', 10],
  ['in the header', stanza],
  ['before the nonce', nonce],
  ['in the nonce', nonce + 7],
  ['before the first piece', payload],
  ['within the first piece', payload + 1000],
  ['between two pieces', payload + PIECE],
  ['before its last byte', whole.length - 1],
])('a file that is cut %s is a damaged artifact', async (_where, length) => {
  await expect(decode(whole.subarray(0, length))).rejects.toMatchObject({ code: 'CORRUPT_ARTIFACT' });
});

it('bytes that were appended, and pieces that were exchanged, are a damaged artifact', async () => {
  const [head, first, second] = [
    whole.subarray(0, payload),
    whole.subarray(payload, payload + PIECE),
    whole.subarray(payload + PIECE, payload + 2 * PIECE),
  ];
  const exchanged = Buffer.concat([head, second, first, whole.subarray(payload + 2 * PIECE)]);
  for (const bytes of [Buffer.concat([whole, Buffer.from('x')]), exchanged])
    await expect(decode(bytes)).rejects.toMatchObject({ code: 'CORRUPT_ARTIFACT' });
});
