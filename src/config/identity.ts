// The key that opens backups: what age takes as an identity file, out of a reference. Nobody is there to type a passphrase.
import { Failure } from '../domain/failure.js';
import { bech32Words } from './bech32.js';
import { rememberSecret } from './redacted.js';
import { type ResolveOptions, readReference } from './secrets.js';

/**
 * Several lines: age's own secret keys with comments between them, or one SSH key. Rejects with CONFIG_INVALID, or with the
 * program's Failure, and repeats nothing of what it read.
 */
export const resolveIdentity = async (reference: string, options: ResolveOptions): Promise<string> => {
  const { text, source } = await readReference(reference, options);
  for (const line of text.split(/\r?\n/)) if (isSecret(line)) rememberSecret(line.trim());
  const problem = identityProblem(text);
  if (problem === null) return text.endsWith('\n') ? text : `${text}\n`;
  throw new Failure('CONFIG_INVALID', `${options.path}: ${source} ${problem}`, {
    hint: 'a key of age-keygen, or an SSH key without a passphrase; who else can read it is up to the file’s mode',
  });
};

/** Also of a file that holds something else: it was meant to be secret. */
const isSecret = (line: string): boolean => !/^(#|-----|$)/.test(line.trim());

/** Says it about where it came from; null: age will take it. */
const identityProblem = (text: string): string | null => {
  if (/^age-encryption\.org\/|-----BEGIN AGE ENCRYPTED FILE-----/.test(text)) return PROTECTED;
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) return isProtectedSsh(text) ? PROTECTED : null;
  const keys = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'));
  if (keys.length === 0) return 'holds no key';
  const wrong = keys.map((key) => keyProblem(key.trim())).find((problem) => problem !== null);
  return wrong ?? null;
};

const PROTECTED =
  'is protected by a passphrase, and nobody is there to type it when a restore or a drill runs';

const keyProblem = (key: string): string | null => {
  if (/^(age1|ssh-)/.test(key)) return 'holds a public key, which opens nothing: the secret half is needed';
  if (key.startsWith('AGE-PLUGIN-'))
    return 'holds the identity of one of age’s plugins, which needs a person beside it';
  const decoded = key.startsWith('AGE-SECRET-KEY-') ? bech32Words(key.toLowerCase()) : null;
  return decoded === null ? 'holds something that is no secret key of age, or a mistyped one' : null;
};

const isProtectedSsh = (text: string): boolean => {
  if (/ENCRYPTED/.test(text)) return true;
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]*?)-----END/.exec(text)?.[1];
  if (body === undefined) return false;
  const bytes = Buffer.from(body, 'base64');
  return (
    bytes.length > OPENSSH.length && !bytes.subarray(OPENSSH.length).toString('latin1').startsWith(NO_CIPHER)
  );
};

/** What such a key begins with, and the name of the cipher after it where there is none. */
const OPENSSH = 'openssh-key-v1\0';
const NO_CIPHER = '\0\0\0\u0004none';
