// What a recovery needs and where it is, on one sheet: written from holdfast.yaml alone, with no secret on it unless asked.
import type { Deployment } from '../../config/config.js';
import { encryption, type SheetFacts, signatures } from './sheet-keys.js';
import { blank, commands, facts, type Sheet, type SheetSection, warning, words } from './sheet-parts.js';
import { credentialCommands, fromArgument, repositoryRows } from './sheet-repository.js';

export const recoverySheet = (given: SheetFacts): Sheet => ({
  title: `Recovery sheet of ${given.host}`,
  sections: [
    introduction(given),
    signatures(given),
    encryption(given),
    ...Object.values(given.config.repositories).map((settings) => ({
      title: `Repository ${settings.name}`,
      blocks: [
        facts(...repositoryRows(settings)),
        ...(settings.kind === 'local' ? [] : [blank('Where its credentials are kept')]),
      ],
    })),
    ...Object.values(given.config.deployments).map(deploymentSection),
    recovery(given),
    byHand(),
  ],
});

const introduction = ({ at, version, config, identity }: SheetFacts): SheetSection => ({
  title: 'Keep this sheet away from the host',
  blocks: [
    words(
      'Who has lost the host needs a machine, a repository’s address and credentials, the secret key, and this page. Print it again whenever holdfast.yaml changes.',
    ),
    ...(identity === null
      ? [words('No secret is on it.')]
      : [warning('THE SECRET KEY IS ON THIS SHEET. WHOEVER READS IT CAN READ EVERY BACKUP. LOCK IT AWAY.')]),
    facts(
      ['printed', `${at.slice(0, 16).replace('T', ' ')} UTC`],
      ['holdfast', version],
      ['configuration', config.file],
    ),
  ],
});

const deploymentSection = ({
  name,
  databases,
  trees,
  repositories,
  sealSecrets,
}: Deployment): SheetSection => ({
  title: `Deployment ${name}`,
  blocks: [
    facts(
      ...databases.map((database): readonly [string, string] => [
        `database ${database.name}`,
        placeOf(database),
      ]),
      ...trees.map(({ name: tree, path, aside }): readonly [string, string] => [
        `files ${tree}`,
        aside === undefined ? path : `${path} (put beside, not in place)`,
      ]),
      ['repositories', repositories.join(', ')],
      [
        'passwords',
        sealSecrets ? 'sealed in the backups' : 'not in the backups: keep what holdfast.yaml refers to',
      ],
    ),
  ],
});

const placeOf = (database: Deployment['databases'][number]): string =>
  database.kind === 'url'
    ? database.url
    : `${database.database} on ${database.host === '' ? 'its container' : `${database.host}:${database.port}`}, as ${database.user}`;

const recovery = ({ config, signing }: SheetFacts): SheetSection => ({
  title: 'Recover, on a machine that has nothing',
  blocks: [
    words(
      '1. Install PostgreSQL with its client programs, GNU tar, zstd and age, rclone or restic where a repository needs it, and holdfast (docs/install.md).',
    ),
    commands('holdfast --version', 'node "$(npm root --global)/holdfast/scripts/temporal-cli.mjs"'),
    words(
      config.encryption === null
        ? '2. For each deployment:'
        : '2. Put the secret key into holdfast-key.txt (chmod 600). Then, for each deployment:',
    ),
    ...Object.values(config.deployments).map(({ name, repositories: [first = ''] }) => {
      const settings = config.repositories[first];
      if (settings === undefined) return words(`${name} has no repository`);
      const identity = config.encryption === null ? '' : ' --identity holdfast-key.txt';
      return commands(
        ...credentialCommands(settings),
        `holdfast restore --from ${fromArgument(settings)}${identity} --trust ${signing} ${name}`,
      );
    }),
    words(
      '3. It says what is left to do. Another repository does as well: it takes its own address and credentials.',
    ),
    commands('holdfast doctor', 'holdfast up'),
  ],
});

const byHand = (): SheetSection => ({
  title: 'Without holdfast',
  blocks: [
    words(
      'Every backup is a folder with a RESTORE.md: the very commands, for age, zstd, tar and pg_restore. Fetch that folder and follow it.',
    ),
  ],
});
