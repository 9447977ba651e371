// holdfast keys show: the public halves of the keys in use here.
import { knownSigningKey } from '../../catalog/signing-key.js';
import { type CommonOptions, configOf } from '../input.js';
import type { Output } from '../output.js';
import { fingerprint } from './fingerprint.js';

export const showKeys = async (options: CommonOptions, output: Output): Promise<number> => {
  const config = await configOf(options);
  const signing = (await knownSigningKey(config.state))?.publicKey ?? null;
  const recipients = config.encryption?.recipients ?? [];
  const { trust } = config;
  if (output.json)
    output.answerJson({
      signing,
      fingerprint: signing === null ? null : fingerprint(signing),
      recipients,
      trust,
    });
  else
    output.answer(
      [
        ...named('signs', signing === null ? [] : [withFingerprint(signing)]),
        ...named('trusts', trust.map(withFingerprint)),
        ...named('encrypts to', recipients),
      ].join('\n'),
    );
  if (signing === null) output.say('this host has no signing key yet: its agent makes one when it starts');
  if (recipients.length === 0) output.say('backups are not encrypted: holdfast keys new makes a key');
  return 0;
};

const withFingerprint = (key: string): string => `${key}  (fingerprint ${fingerprint(key)})`;

const named = (what: string, keys: readonly string[]): string[] =>
  keys.length === 0 ? [`${what.padEnd(12)}nothing`] : keys.map((key) => `${what.padEnd(12)}${key}`);
