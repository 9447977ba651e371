// holdfast restore --from: on a machine that has nothing but a repository’s address, its credentials and one key. It finds,
// shows, verifies, brings back holdfast.yaml, makes the roles, restores, and says what is left to do. Safe to run again.

import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { backupFolder } from '../../catalog/manifest-file.js';
import { deploymentOf } from '../../config/load.js';
import { missingReferences } from '../../config/missing-references.js';
import { type Address, parseAddress } from '../../config/repository-address.js';
import { Failure } from '../../domain/failure.js';
import { isEncrypted, type Manifest } from '../../domain/manifest.js';
import { requireKey } from '../../operations/try-key.js';
import { openRepository } from '../../repositories/open-repository.js';
import { findTemporalCli } from '../../temporal/cli-binary.js';
import type { CommonOptions } from '../input.js';
import type { Output } from '../output.js';
import { formatDuration } from '../render/format.js';
import { restoreLines } from '../render/outcome.js';
import { leftToDo, type Recovered } from './left-to-do.js';
import { recoveredConfig } from './recovered-config.js';
import { chooseRecovery } from './recovery-choice.js';
import { restoreForRecovery } from './recovery-restore.js';
import { recoverRoles } from './recovery-roles.js';
import { createRecoveryTrust } from './recovery-trust.js';

export interface RecoverOptions extends CommonOptions {
  from: string;
  identity?: string;
  trust?: string;
  deployment?: string;
  allowUnsigned?: true;
  yes?: true;
}

/** @param backup an id, any unique start of one, or `latest` */
export const recover = async (backup: string, options: RecoverOptions, output: Output): Promise<number> => {
  const startedAt = Date.now();
  requireSomebody(options, output);
  await findTemporalCli();
  const place = parseAddress(options.from, 'recovered');
  const { manifest, signedBy } = await chosen(backup, { options, place, output });
  const { deployment, id } = manifest;
  output.say(`recovering ${deployment} from ${id}`);
  const identity = options.identity === undefined ? null : resolve(options.identity);
  await requireOpening(manifest, place, identity);
  const yes = options.yes === true;
  const { config, repository } = await recoveredConfig(
    { place, manifest, signedBy, identity, file: options.config, yes },
    output,
  );
  const configured = deploymentOf(config, deployment);
  const missing = await missingReferences(config, configured);
  for (const { reference, path } of missing)
    output.say(`${path}: ${reference} leads nowhere on this host yet`);
  const roles = await recoverRoles(manifest, configured, { settings: place.settings, identity });
  if (roles.made.length > 0) output.say(`made the roles ${roles.made.join(', ')}`);
  const allowUnsigned = options.allowUnsigned === true;
  const wanted = { deployment, backup: id, repository, allowUnsigned, yes };
  const result = await restoreForRecovery(config, wanted, output);
  report({ config, deployment: configured, roles, result, missing }, { startedAt, output });
  return 0;
};

const requireSomebody = ({ yes }: RecoverOptions, output: Output): void => {
  if (yes || output.canAsk) return;
  throw new Failure('INPUT_INVALID', 'nobody is there to be asked: this is not a terminal', {
    hint: 'add --trust KEY, as it stands on the recovery sheet, and --yes',
  });
};

const chosen = async (
  backup: string,
  { options, place, output }: { options: RecoverOptions; place: Address; output: Output },
): Promise<{ manifest: Manifest; signedBy: string | null }> => {
  const allowUnsigned = options.allowUnsigned === true;
  const trust = createRecoveryTrust(
    { trust: options.trust === undefined ? [] : [options.trust], allowUnsigned },
    output,
  );
  const { deployment } = options;
  const { manifest, signer } = await chooseRecovery(
    { settings: place.settings, deployment, backup, trust, allowUnsigned },
    output,
  );
  return { manifest, signedBy: trust.known().keys.includes(signer.key) ? signer.key : null };
};

/** Before anything is fetched or written. */
const requireOpening = async (
  manifest: Manifest,
  { settings }: Address,
  identity: string | null,
): Promise<void> => {
  const { artifacts, recipients, deployment, id } = manifest;
  if (!artifacts.some(isEncrypted)) return;
  if (identity === null)
    throw new Failure('KEY_MISSING', `${id} is encrypted, and no key was given`, {
      hint: 'name the file with the secret key: --identity FILE',
    });
  const backup = { manifest, repository: openRepository(settings), folder: backupFolder(deployment, id) };
  const encryption = { recipients: [...recipients], identity: `file:${identity}` };
  const trying = { encryption, folder: tmpdir(), signal: new AbortController().signal };
  await requireKey(backup, artifacts, trying);
};

const report = (recovered: Recovered, { startedAt, output }: { startedAt: number; output: Output }): void => {
  const { config, roles, result } = recovered;
  const tookMs = Date.now() - startedAt;
  const left = leftToDo(recovered);
  const [first = '', ...rest] = restoreLines(result);
  if (output.json) output.answerJson({ ...result, config: config.file, roles: roles.made, left, tookMs });
  else output.answer(first);
  for (const line of rest) output.say(line);
  output.say(`recovered in ${formatDuration(tookMs)}, from the first look to the end`);
  output.say('left to do:');
  for (const line of left) output.say(`  ${line}`);
};
