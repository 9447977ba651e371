import { expect, it } from 'vitest';
import { encodedSource } from '../../../src/repositories/encoded-source.js';

const SOURCE = {
  kind: 'programs' as const,
  name: 'globals.sql',
  programs: [{ program: 'seq', args: ['3'] }],
};
const ended = (...stderr: string[]) => stderr.map((said) => ({ program: 'p', exitCode: 0, stderr: said }));
const SAID = '/*stdin*\\ :16.45%   (60000000 B => 9868800 B, /*stdout*\\)';

it('is compressed, and encrypted where there is somebody to encrypt to', () => {
  const plain = encodedSource(SOURCE, { recipients: [] });
  expect(plain.name).toBe('globals.sql.zst');
  expect(plain.transforms).toEqual(['zstd']);
  expect(plain.programs.map(({ program }) => program)).toEqual(['seq', 'zstd']);

  const encrypted = encodedSource(SOURCE, { recipients: ['age1a', 'ssh-ed25519 AAAA me'] });
  expect(encrypted.name).toBe('globals.sql.zst.age');
  expect(encrypted.transforms).toEqual(['zstd', 'age']);
  expect(encrypted.programs.map(({ program }) => program)).toEqual(['seq', 'zstd', 'age']);
  expect(encrypted.programs.at(-1)?.args).toEqual([
    ...['--encrypt', '--recipient', 'age1a'],
    ...['--recipient', 'ssh-ed25519 AAAA me'],
  ]);
});

it('what went in is what zstd says, also with age behind it', () => {
  expect(encodedSource(SOURCE, { recipients: [] }).rawBytesOf(ended('', SAID))).toBe(60_000_000);
  expect(encodedSource(SOURCE, { recipients: ['age1a'] }).rawBytesOf(ended('', SAID, ''))).toBe(60_000_000);
});

it('a disk that fails is the last program’s to name', () => {
  const into = (recipients: string[]) =>
    encodedSource(SOURCE, { recipients, writesInto: 'repository usb' }).programs.map((one) => one.writesInto);
  expect(into([])).toEqual([undefined, 'repository usb']);
  expect(into(['age1a'])).toEqual([undefined, undefined, 'repository usb']);
});
