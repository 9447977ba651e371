// The lines about this host: state, server, repositories, keys, and who is told of trouble.
import { defaultStateFolder } from '../../config/state-folder.js';
import { hostTimezone } from '../../config/timezone.js';
import type { Draft } from './draft.js';
import { beside, comments, indented, yamlText } from './yaml-text.js';

export const hostLines = ({ state }: Pick<Draft, 'state'>): string[] => {
  const usual = `state: ${yamlText(state ?? defaultStateFolder() ?? '/var/lib/holdfast')}`;
  return beside(
    [state === null ? `# ${usual}` : usual, 'what the agent must not forget; one agent to a folder'],
    [`# timezone: ${yamlText(hostTimezone())}`, 'of the schedules'],
    ['temporal: embedded', 'a server of its own; or { address: "HOST:PORT", namespace: NAME }'],
  );
};

export const repositoryLines = ({ repository }: Pick<Draft, 'repository'>): string[] => [
  ...comments(
    'Where backups are kept. The first repository is written to, the others get copies of every backup by themselves.',
  ),
  'repositories:',
  ...indented(2, [
    `local: { local: ${yamlText(repository)} }`,
    ...comments(
      'A disk that dies takes its backups with it. Name a second place: S3, restic, or whatever rclone reaches. Then run holdfast copy.',
      'offsite:',
      '  s3: { bucket: my-backups, region: eu-central-1, accessKeyId: env:S3_KEY, secretAccessKey: env:S3_SECRET }',
    ),
  ]),
];

export const encryptionLines = ({ encryption }: Pick<Draft, 'encryption'>): string[] => [
  ...comments(
    'Whom backups are encrypted to, by public keys of age. identity opens them; only restores and drills need it.',
  ),
  ...(encryption === null
    ? comments(
        'holdfast keys new makes a key and says what to write here.',
        'encryption:',
        '  recipients: [age1…]',
        '  identity: file:/etc/holdfast/holdfast-key.txt',
      )
    : [
        ...comments(
          'Keep a copy of that file away from this host: without it nobody reads these backups. holdfast keys sheet prints what to keep.',
        ),
        'encryption:',
        `  recipients: [${yamlText(encryption.recipient)}]`,
        `  identity: ${yamlText(encryption.identity)}`,
      ]),
];

/** References, and they lead nowhere yet: so all of it waits for somebody to take the # away. */
export const notifyLines = ({ notify }: Pick<Draft, 'notify'>): string[] => {
  const isAddress = notify?.includes('@') === true;
  const to = isAddress && notify !== null ? notify : 'you@example.com';
  const ping = notify !== null && !isAddress ? notify : 'env:PING_URL';
  return comments(
    'Who is told when a backup fails, is late or does not happen. ping: a URL of a service that notices silence; smtp: one such as',
    'smtps://USER:PASSWORD@mail.example.com. Both are references. holdfast doctor --notify tries them.',
    'notify:',
    `  - ping: ${yamlText(ping)}`,
    `  - email: { to: ${yamlText(to)}, from: holdfast@example.com, smtp: env:SMTP_URL }`,
  );
};
