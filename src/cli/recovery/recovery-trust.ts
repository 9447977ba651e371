// Whose signature counts on a machine that knows nobody yet: the key on the recovery sheet, given or compared by hand.
import { Failure } from '../../domain/failure.js';
import { PUBLIC_KEY_PATTERN, type Signer, type Trust } from '../../domain/signature.js';
import { askFingerprint } from '../ask.js';
import { isFingerprint } from '../keys/fingerprint.js';
import type { Output } from '../output.js';

export interface RecoveryTrust {
  known(): Trust;
  /** Asked once for each key. @throws UNSIGNED, NOT_TRUSTED, CANCELLED */
  require(signer: Signer, backup: string): Promise<void>;
}

export const createRecoveryTrust = (
  { trust, allowUnsigned }: { trust: readonly string[]; allowUnsigned: boolean },
  output: Output,
): RecoveryTrust => {
  for (const key of trust) requireKeyText(key);
  const keys = new Set(trust);
  return {
    known: () => ({ own: null, keys: [...keys] }),
    require: async ({ kind, key }, backup) => {
      if (allowUnsigned || keys.has(key)) return;
      if (kind === 'nobody') throw unsigned(backup);
      if (!output.canAsk || keys.size > 0) throw notTrusted(backup, key);
      output.say(`${backup} is signed by ${key}`);
      const typed = await askFingerprint(output);
      if (typed === null)
        throw new Failure('CANCELLED', 'nothing was restored', { hint: 'nothing was changed' });
      if (!isFingerprint(typed, key)) throw notTrusted(backup, key);
      keys.add(key);
    },
  };
};

const requireKeyText = (key: string): void => {
  if (PUBLIC_KEY_PATTERN.test(key)) return;
  throw new Failure('INPUT_INVALID', '--trust takes a public signing key: ed25519: and 44 letters', {
    hint: 'it stands on the recovery sheet; holdfast keys show prints it where the host still lives',
  });
};

const unsigned = (backup: string): Failure =>
  new Failure('UNSIGNED', `${backup} is not signed, or its signature was taken away`, {
    hint: 'name another backup; or, if you know where it comes from: --allow-unsigned',
  });

const notTrusted = (backup: string, key: string): Failure =>
  new Failure('NOT_TRUSTED', `${backup} is signed by ${key}, which nobody has vouched for here`, {
    hint: 'if the recovery sheet names that very key: --trust KEY; if you know where the backup comes from: --allow-unsigned',
  });
