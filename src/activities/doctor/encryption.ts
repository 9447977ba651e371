// SECURITY: what is stored can be read by its recipients alone, and the key that is here opens it.
import { findBackup, repositoriesOf } from '../../catalog/catalog.js';
import { trustOf } from '../../catalog/signing-key.js';
import type { Config, Deployment, RepositorySettings } from '../../config/config.js';
import { encrypts } from '../../config/encrypts.js';
import { asFailure, Failure } from '../../domain/failure.js';
import type { Finding } from '../../domain/findings.js';
import { isEncrypted } from '../../domain/manifest.js';
import { shortRecipients } from '../../domain/recipients.js';
import { openSources } from '../../operations/stored-artifacts.js';
import { openBeginning, requireRoundTrip, type Trying } from '../../operations/try-key.js';
import { encryptsByItself } from '../../repositories/rclone/remote.js';
import { tryingWith } from '../restore/check-key.js';
import { finding, outcomeOf } from './check.js';

const AREA = 'SECURITY';

export const lookAtEncryption = async (
  config: Config,
  deployment: Deployment,
  signal: AbortSignal,
): Promise<Finding[]> => [
  ...(await readable(config, deployment)),
  ...(encrypts(config, deployment) ? [await lookAtKey(config, deployment, signal)] : []),
];

/** Repositories whose storage gives the data away: worth a warning wherever they are, since it keeps nothing from working. */
const readable = async (config: Config, deployment: Deployment): Promise<Finding[]> => {
  if (encrypts(config, deployment)) return [];
  const repositories = repositoriesOf(config, deployment);
  const closed = await Promise.all(repositories.map(isClosed));
  const open = repositories.filter((_, index) => !closed[index]);
  const hint =
    config.encryption === null
      ? 'holdfast keys new makes a key; name its public half under encryption.recipients in holdfast.yaml'
      : 'make one of them the first repository: copies of a restic repository are stored as it gives them back';
  const here = open.filter(({ kind }) => kind === 'local').map(({ name }) => name);
  const elsewhere = open.filter(({ kind }) => kind !== 'local').map(({ name }) => name);
  return [
    ...(here.length === 0 ? [] : [finding(AREA, 'warning', notEncrypted(here), hint)]),
    ...(elsewhere.length === 0
      ? []
      : [finding(AREA, 'warning', `${notEncrypted(elsewhere)}, and it leaves this host`, hint)]),
  ];
};

const notEncrypted = (names: readonly string[]): string =>
  `backups in ${names.join(', ')} are not encrypted: whoever can read them has the data`;

const isClosed = async (repository: RepositorySettings): Promise<boolean> =>
  repository.kind === 'restic' || (repository.kind === 'rclone' && (await encryptsByItself(repository)));

const lookAtKey = async (config: Config, deployment: Deployment, signal: AbortSignal): Promise<Finding> => {
  const { recipients = [], identity = null } = config.encryption ?? {};
  const to = shortRecipients(recipients);
  if (identity === null)
    return finding(
      AREA,
      'ok',
      `backups are encrypted to ${to}; this agent can encrypt only, restores need the key`,
    );
  return outcomeOf({
    area: AREA,
    run: async () => {
      const trying = await tryingWith(config, signal);
      await requireRoundTrip(trying);
      return `backups are encrypted to ${to}; ${await openNewest(config, deployment, trying)}`;
    },
  });
};

/** So much of it is decoded. */
const AT_LEAST = 1 << 20;

const openNewest = async (config: Config, deployment: Deployment, trying: Trying): Promise<string> => {
  const newest = await newestBackup(config, deployment.name);
  if (newest === null) return 'the key that is here opens what is encrypted to them; there is no backup yet';
  const { id, repositories } = newest;
  const [settings] = repositoriesOf(config, deployment, repositories[0]);
  if (settings === undefined) throw new Failure('UNKNOWN_BACKUP', `no repository holds ${id}`);
  const wanted = { deployment: deployment.name, backup: id };
  const backup = await openSources(settings, wanted, { trust: await trustOf(config) });
  const { artifacts } = backup.manifest;
  const opened = await openBeginning(backup, { artifacts, atLeast: AT_LEAST }, trying);
  return artifacts.some(isEncrypted)
    ? `the key that is here opens the newest one, ${id} in ${settings.name}, by ${opened}`
    : `the newest one, ${id}, was made before and is not`;
};

const newestBackup = async (config: Config, deployment: string) => {
  try {
    return await findBackup(config, { deployment, id: 'latest' });
  } catch (error) {
    if (asFailure(error).code === 'UNKNOWN_BACKUP') return null;
    throw error;
  }
};
