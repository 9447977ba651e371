// Whom backups are encrypted to, and where the key is that opens them: `encryption: { recipients: […], identity: REFERENCE }`.
import { z } from 'zod';
import { keyOf, recipientProblem } from './recipient.js';
import { REFERENCE_FORMS, referenceProblem } from './secret-reference.js';
import { section } from './section.js';

export interface EncryptionSettings {
  /** age's public keys (`age1…`) and SSH public keys; at least one. */
  recipients: string[];
  /** A reference to a file's worth of secret keys. null: this agent only encrypts. */
  identity: string | null;
}

const KEY_NOT_HERE = `a secret key is not written here; use ${REFERENCE_FORMS}`;

const recipient = z
  .string('must be a public key, as text')
  .refine((given) => recipientProblem(given) === null, {
    error: (issue) => recipientProblem(String(issue.input)) ?? '',
  });

const recipients = z
  .array(recipient)
  .min(1, 'must name at least one; without encryption, remove encryption')
  .superRefine(
    (given: unknown, context) => {
      for (const index of repeated(given))
        context.addIssue({ code: 'custom', path: [index], message: 'names the same key a second time' });
    },
    // So that a wrong one beside it does not hide it.
    { when: () => true },
  )
  .meta({ description: 'public keys that backups are encrypted to: age1… or SSH keys' });

const repeated = (given: unknown): number[] => {
  const keys = Array.isArray(given) ? given.map((one) => (typeof one === 'string' ? keyOf(one) : null)) : [];
  return keys.flatMap((key, index) => (key !== null && keys.indexOf(key) < index ? [index] : []));
};

const identity = z
  .string(KEY_NOT_HERE)
  .refine((given) => identityProblem(given) === null, {
    error: (issue) => identityProblem(String(issue.input)) ?? '',
  })
  .meta({ description: `${REFERENCE_FORMS} of the secret key; only where restores and drills run` });

const identityProblem = (given: string): string | null => {
  const problem = referenceProblem(given);
  return problem === null || /^(env|file|command):/.test(given) ? problem : KEY_NOT_HERE;
};

export const encryptionSchema = section({ recipients, identity: identity.optional() });

export const encryptionSettings = (
  shape: z.output<typeof encryptionSchema> | undefined,
): EncryptionSettings | null =>
  shape === undefined ? null : { recipients: shape.recipients, identity: shape.identity ?? null };
