// Whom backups are encrypted to: age's own public keys, and SSH keys as age takes them.
import { bech32Words } from './bech32.js';

/** What is wrong with it; null: nothing. A secret key is never repeated. */
export const recipientProblem = (given: string): string | null => {
  if (/AGE-SECRET-KEY-|PRIVATE KEY/i.test(given))
    return 'is a secret key, which does not belong here: name its public half, as age-keygen -y or ssh-keygen -y print it';
  if (/[\p{Cc}]/u.test(given)) return 'must be one line';
  if (given.startsWith('age1')) return ageProblem(given);
  if (/^(ssh|ecdsa|sk)-/.test(given)) return sshProblem(given);
  return 'must be a public key: age1… of age-keygen, or an SSH key such as ssh-ed25519 AAAA…';
};

/** Two recipients are the same key, whatever is said beside it. */
export const keyOf = (recipient: string): string => recipient.split(' ').slice(0, 2).join(' ');

const ageProblem = (given: string): string | null => {
  const [, plugin] = /^age1([a-z0-9]+)1[a-z0-9]+$/.exec(given) ?? [];
  if (plugin !== undefined)
    return `is of the kind age1${plugin}, which needs a plugin of age and a person beside it: use an age1… of age-keygen or an SSH key`;
  const decoded = bech32Words(given);
  return decoded?.prefix === 'age' && decoded.words.length === X25519_WORDS
    ? null
    : 'is mistyped or cut: it is no public key of age';
};

/** 32 bytes, five bits a word. */
const X25519_WORDS = 52;

const sshProblem = (given: string): string | null => {
  const [algorithm = '', encoded = ''] = given.split(' ');
  if (algorithm !== 'ssh-ed25519' && algorithm !== 'ssh-rsa')
    return `is an SSH key of the kind ${algorithm}; age encrypts to ssh-ed25519 and ssh-rsa`;
  const fields = /^[A-Za-z0-9+/]+={0,2}$/.test(encoded) ? fieldsOf(Buffer.from(encoded, 'base64')) : null;
  const [name, first, modulus] = fields ?? [];
  const whole =
    name?.toString('latin1') === algorithm &&
    (algorithm === 'ssh-ed25519'
      ? fields?.length === 2 && first?.length === 32
      : fields?.length === 3 && modulus !== undefined);
  if (!whole) return `is mistyped or cut: it is no key of the kind ${algorithm}`;
  return modulus !== undefined && modulus.length < LEAST_RSA_BYTES
    ? 'is an RSA key of less than 2048 bits, which age does not take'
    : null;
};

const LEAST_RSA_BYTES = 256;

/** Each has its length before it, in four bytes. null: they do not fit. */
const fieldsOf = (bytes: Buffer): Buffer[] | null => {
  const fields: Buffer[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (at + 4 > bytes.length) return null;
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) return null;
    fields.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return fields;
};
