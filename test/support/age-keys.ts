// Keys for tests, of every kind that age takes: each a private file with its public half.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Key {
  /** The secret half. */
  file: string;
  /** The public half: a recipient. */
  recipient: string;
}

export const ageKey = (folder: string, name: string): Key => {
  const file = join(folder, name);
  execFileSync('age-keygen', ['-o', file], { stdio: 'ignore' });
  return { file, recipient: execFileSync('age-keygen', ['-y', file]).toString().trim() };
};

/** @param passphrase empty: none */
export const sshKey = (folder: string, name: string, passphrase = ''): Key => {
  const file = join(folder, name);
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-C', 'me@laptop', '-N', passphrase, '-f', file]);
  return { file, recipient: readFileSync(`${file}.pub`, 'utf8').trim() };
};

export const decrypted = (bytes: Buffer, { file }: Key): Buffer =>
  execFileSync('age', ['--decrypt', '--identity', file], { input: bytes, maxBuffer: 1 << 30 });
