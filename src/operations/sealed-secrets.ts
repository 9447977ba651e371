// The secrets that a deployment refers to, encrypted to those who may open its backups. In plain text they are in memory
// and in pipes alone.
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { z } from 'zod';
import type { Config, Deployment } from '../config/config.js';
import { referencesOf, toldReferencesOf, type UsedReference } from '../config/secret-references.js';
import { resolveSecret } from '../config/secrets.js';
import { Failure } from '../domain/failure.js';
import { ageDecrypt, ageEncrypt } from '../tools/age.js';
import { type RunContext, runPipeline } from '../tools/process.js';
import { runForSecret } from '../tools/run-for-secret.js';

export const SEALED_NAME = 'secrets.json.age';

const sealedSchema = z.strictObject({
  version: z.literal(1),
  /** What each reference stood for: `env:DB_PASSWORD`. */
  secrets: z.record(z.string(), z.string()),
});

export interface Resolved {
  /** By their references. */
  secrets: Map<string, string>;
  /** Where those stand that only telling somebody needs, and that cannot be read: no backup fails for them. */
  unread: string[];
}

/** @throws CONFIG_INVALID, or a program's Failure, for one that backups and restores need */
export const resolveAll = async (config: Config, deployment: Deployment): Promise<Resolved> => {
  const secrets = new Map<string, string>();
  const resolve = async ({ reference, path }: UsedReference): Promise<void> => {
    secrets.set(reference, await resolveSecret(reference, { path, run: runForSecret }));
  };
  for (const used of referencesOf(config, deployment)) await resolve(used);
  const unread: string[] = [];
  for (const used of toldReferencesOf(config, deployment)) {
    if (secrets.has(used.reference)) continue;
    await resolve(used).catch(() => unread.push(used.path));
  }
  return { secrets, unread };
};

export interface Sealed {
  bytes: Buffer;
  /** Before it was encrypted. */
  rawBytes: number;
}

/** @param recipients at least one */
export const seal = async (
  secrets: ReadonlyMap<string, string>,
  recipients: readonly string[],
  run: RunContext,
): Promise<Sealed> => {
  const plain = Buffer.from(JSON.stringify({ version: 1, secrets: Object.fromEntries(secrets) }));
  const bytes = await through(plain, { programs: [ageEncrypt(recipients)], run });
  return { bytes, rawBytes: plain.length };
};

/** @param identity path of the file with the key. @throws WRONG_KEY, CORRUPT_ARTIFACT */
export const unseal = async (
  bytes: Buffer,
  identity: string,
  run: RunContext,
): Promise<Record<string, string>> => {
  const plain = await through(bytes, { programs: [ageDecrypt(identity)], run });
  try {
    return sealedSchema.parse(JSON.parse(plain.toString('utf8'))).secrets;
  } catch {
    // Its message would quote what it could not read.
    throw new Failure('CORRUPT_ARTIFACT', `${SEALED_NAME} holds no sealed secrets`);
  }
};

const through = async (
  input: Buffer,
  { programs, run }: { programs: Parameters<typeof runPipeline>[0]; run: RunContext },
): Promise<Buffer> => {
  let output = Buffer.alloc(0);
  await runPipeline(programs, {
    ...run,
    input: Readable.from([input]),
    consume: async (stdout) => {
      output = await buffer(stdout);
    },
  });
  return output;
};
