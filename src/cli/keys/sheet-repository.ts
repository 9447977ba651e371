// What the sheet says of one repository: where it is, and what it takes to get at it. References by name, never their values.
import { shellQuote } from '../../catalog/restore-commands.js';
import type { RepositorySettings } from '../../config/config.js';
import { addressOf } from '../../config/repository-address.js';

export const repositoryRows = (settings: RepositorySettings): (readonly [string, string])[] => [
  ['kind', settings.kind],
  ['address', addressOf(settings)],
  ...credentialRows(settings),
];

/** What has to be set before `restore --from` reads it. */
export const credentialCommands = (settings: RepositorySettings): string[] => {
  switch (settings.kind) {
    case 'local':
      return [];
    case 'rclone':
      return ['rclone config     # make the remote of the same name again'];
    case 's3':
      return ['export AWS_ACCESS_KEY_ID=…', 'export AWS_SECRET_ACCESS_KEY=…'];
    case 'restic':
      return [
        'export RESTIC_PASSWORD_FILE=…     # a file with its password',
        ...Object.keys(settings.environment).map((name) => `export ${name}=…`),
      ];
    default:
      return settings satisfies never;
  }
};

export const fromArgument = (settings: RepositorySettings): string => shellQuote(addressOf(settings));

const credentialRows = (settings: RepositorySettings): (readonly [string, string])[] => {
  switch (settings.kind) {
    case 'local':
      return [['takes', 'this disk itself, or a copy of the folder']];
    case 'rclone':
      return [
        ['takes', `rclone’s own configuration of ${settings.remote.split(':')[0]}: (rclone config file)`],
      ];
    case 's3':
      return settings.accessKeyId === null
        ? [['takes', 'AWS credentials of the host: environment, shared files or its role']]
        : [
            ['access key id', `what ${settings.accessKeyId} held`],
            ['secret access key', `what ${settings.secretAccessKey} held`],
          ];
    case 'restic':
      return [
        ['password', `what ${settings.password} held`],
        ...Object.entries(settings.environment).map(([name, reference]): readonly [string, string] => [
          name,
          `what ${reference} held`,
        ]),
      ];
    default:
      return settings satisfies never;
  }
};
