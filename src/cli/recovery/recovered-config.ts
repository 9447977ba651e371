// holdfast.yaml on a machine that has none: what lay beside the backup, made to fit here, and shown before it is used. One
// that is there already is never touched.
import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readDocument } from '../../catalog/read-document.js';
import type { Config } from '../../config/config.js';
import { deploymentOf, loadConfig, parseConfig } from '../../config/load.js';
import { programsOf } from '../../config/programs-of.js';
import { reachableShape, sameRepository } from '../../config/recovered-repository.js';
import { recoveredYaml } from '../../config/recovered-yaml.js';
import { type Address, addressOf } from '../../config/repository-address.js';
import { repositoryShapeIn } from '../../config/repository-shape-in.js';
import { Failure } from '../../domain/failure.js';
import type { Manifest } from '../../domain/manifest.js';
import { SEALED_NAME, unseal } from '../../operations/sealed-secrets.js';
import { NOT_REGISTERED } from '../../tools/process.js';
import { askYes } from '../ask.js';
import type { Output } from '../output.js';
import { writePrivateFile } from '../private-file.js';
import { referencesHere, secretsFolder, writeSecrets } from './recovered-secrets.js';

export interface Recovering {
  place: Address;
  manifest: Manifest;
  /** The public key that was verified; null: nobody's. */
  signedBy: string | null;
  /** Absolute path of the key's file; null: none was given. */
  identity: string | null;
  /** The value of --config. */
  file: string | undefined;
  /** Every question is answered with yes. */
  yes: boolean;
}

export interface RecoveredConfig {
  config: Config;
  /** The repository that the backup is read from. */
  repository: string;
}

const configFile = (given: string | undefined): string => resolve(given ?? 'holdfast.yaml');

export const recoveredConfig = async (given: Recovering, output: Output): Promise<RecoveredConfig> => {
  const file = configFile(given.file);
  if (await isThere(file)) {
    output.say(`${file} is there already: it stays as it is, and is used`);
    return knownConfig(await loadConfig({ file }), given);
  }
  const secrets = await sealedSecrets(given);
  const folder = secretsFolder(file);
  const { text, repository } = await newText(given, { file, secrets, folder });
  await requireConsent(await parseConfig({ file, text }), given, output);
  await writeSecrets(secrets, folder);
  await writePrivateFile(file, text);
  output.say(`wrote ${file}`);
  return { config: await loadConfig({ file }), repository };
};

const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

const knownConfig = (config: Config, { place, manifest }: Recovering): RecoveredConfig => {
  const address = addressOf(place.settings);
  const known = deploymentOf(config, manifest.deployment).repositories.find((name) => {
    const settings = config.repositories[name];
    return settings !== undefined && addressOf(settings) === address;
  });
  if (known !== undefined) return { config, repository: known };
  throw new Failure(
    'CONFIG_INVALID',
    `${config.file} has no repository at ${address} for ${manifest.deployment}`,
    {
      hint: 'add it there, or name a file that does not exist yet with --config FILE',
    },
  );
};

const sealedSecrets = async ({ place, manifest, identity }: Recovering): Promise<Record<string, string>> => {
  if (!manifest.artifacts.some(({ kind }) => kind === 'secrets')) return {};
  if (identity === null)
    throw new Failure('KEY_MISSING', `the secrets in ${manifest.id} are sealed, and no key was given`, {
      hint: 'name the file with the key: --identity FILE',
    });
  const sealed = await readDocument(place.settings, manifest, SEALED_NAME);
  return unseal(sealed, identity, {
    signal: new AbortController().signal,
    processes: NOT_REGISTERED,
    stallTimeoutMs: 60_000,
  });
};

const newText = async (
  { place, manifest, signedBy, identity }: Recovering,
  { file, secrets, folder }: { file: string; secrets: Record<string, string>; folder: string },
): Promise<{ text: string; repository: string }> => {
  const stored = (await readDocument(place.settings, manifest, 'holdfast.yaml')).toString('utf8');
  const before = await parseConfig({ file, text: stored });
  const known = deploymentOf(before, manifest.deployment).repositories.flatMap(
    (name) => before.repositories[name] ?? [],
  );
  const repository = sameRepository(known, place);
  const shape = reachableShape(repository, {
    before: repositoryShapeIn(stored, repository),
    place,
    known: (reference) => Object.hasOwn(secrets, reference),
  });
  const text = recoveredYaml(stored, {
    repository: { name: repository, shape },
    deployment: manifest.deployment,
    identity: identity === null ? null : `file:${identity}`,
    trust: signedBy,
    references: referencesHere(secrets, folder),
  });
  return { text, repository };
};

/** It came out of a repository: what it would run is somebody else's word until now. */
const requireConsent = async (config: Config, { yes }: Recovering, output: Output): Promise<void> => {
  const programs = programsOf(config);
  if (programs.length === 0) return;
  output.say('this configuration makes holdfast run:');
  for (const line of programs) output.say(`  ${line}`);
  if (yes || (await askYes('Use it?', output))) return;
  throw new Failure('CANCELLED', 'the configuration was not used', { hint: 'nothing was changed' });
};
