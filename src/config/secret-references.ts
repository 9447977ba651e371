// Every secret that a deployment and its repositories refer to, and where: what has to be known to run it elsewhere. The key
// that opens backups is not among them.
import type { Config, DatabaseSettings, Deployment, RepositorySettings } from './config.js';
import { looksLikeReference } from './secret-reference.js';

export interface UsedReference {
  reference: string;
  /** `deployments.edms.database.password`. */
  path: string;
}

/** Each reference once. */
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
  return [...new Map(used.map((one) => [one.reference, one])).values()];
};

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
