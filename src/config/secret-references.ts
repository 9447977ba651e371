// Every secret that a deployment, its repositories and whoever is told of it refer to, and where: what has to be known to run
// it elsewhere. The key that opens backups is not among them.
import type { Config, DatabaseSettings, Deployment, RepositorySettings } from './config.js';
import type { NotifierSettings } from './notify-settings.js';
import { looksLikeReference } from './secret-reference.js';

export interface UsedReference {
  reference: string;
  /** `deployments.edms.database.password`. */
  path: string;
}

/** Without them neither a backup nor a restore works. Each reference once. */
export const referencesOf = (
  { repositories }: Pick<Config, 'repositories'>,
  deployment: Deployment,
): UsedReference[] => {
  const used = [
    ...deployment.databases.flatMap(databaseReferences),
    ...(deployment.drill?.server ? databaseReferences(deployment.drill.server) : []),
    ...deployment.repositories.flatMap((name) => {
      const settings = repositories[name];
      return settings === undefined ? [] : repositoryReferences(settings);
    }),
  ];
  return eachOnce(used);
};

/** Of those who are told of it: a backup works without them. Each reference once. */
export const toldReferencesOf = (
  { notify }: Pick<Config, 'notify'>,
  { name }: Pick<Deployment, 'name'>,
): UsedReference[] =>
  eachOnce(
    notify
      .filter(({ deployments }) => deployments === null || deployments.includes(name))
      .flatMap(notifierReferences),
  );

export const notifierReferences = (notifier: NotifierSettings): UsedReference[] =>
  notifierTexts(notifier).filter(({ reference }) => looksLikeReference(reference));

const eachOnce = (used: readonly UsedReference[]): UsedReference[] => [
  ...new Map(used.map((one) => [one.reference, one])).values(),
];

const databaseReferences = (database: DatabaseSettings): UsedReference[] => [
  ...(database.kind === 'url' && looksLikeReference(database.url)
    ? [{ reference: database.url, path: database.path }]
    : []),
  ...(database.password === null
    ? []
    : [{ reference: database.password, path: `${database.path}.password` }]),
];

const repositoryReferences = (settings: RepositorySettings): UsedReference[] => {
  const path = `repositories.${settings.name}`;
  switch (settings.kind) {
    case 'local':
    case 'rclone':
      return [];
    case 's3':
      return [
        ...(settings.accessKeyId === null
          ? []
          : [{ reference: settings.accessKeyId, path: `${path}.s3.accessKeyId` }]),
        ...(settings.secretAccessKey === null
          ? []
          : [{ reference: settings.secretAccessKey, path: `${path}.s3.secretAccessKey` }]),
      ];
    case 'restic':
      return [
        { reference: settings.password, path: `${path}.password` },
        ...Object.entries(settings.environment).map(([name, reference]) => ({
          reference,
          path: `${path}.environment.${name}`,
        })),
      ];
    default:
      return settings satisfies never;
  }
};

const notifierTexts = (notifier: NotifierSettings): UsedReference[] => {
  const { path } = notifier;
  switch (notifier.kind) {
    case 'ping':
      return [{ reference: notifier.url, path }];
    case 'email':
      return [{ reference: notifier.smtp, path: `${path}.smtp` }];
    case 'webhook':
      return [
        { reference: notifier.url, path: `${path}.url` },
        ...(notifier.secret === null ? [] : [{ reference: notifier.secret, path: `${path}.secret` }]),
        ...Object.entries(notifier.headers).map(([name, reference]) => ({
          reference,
          path: `${path}.headers.${name}`,
        })),
      ];
    case 'command':
      return [];
    default:
      return notifier satisfies never;
  }
};
