// What the sheet says of keys: the one that signs, and the one that opens.
import type { Config } from '../../config/config.js';
import { fingerprint } from './fingerprint.js';
import { blank, commands, facts, type SheetBlock, type SheetSection, warning, words } from './sheet-parts.js';

export interface SheetFacts {
  config: Config;
  host: string;
  /** ISO 8601. */
  at: string;
  version: string;
  /** This host's public signing key. */
  signing: string;
  /** The secret key itself, where it was asked for. */
  identity: string | null;
}

/** Who signed. */
export const signatures = ({ signing, config }: SheetFacts): SheetSection => ({
  title: 'Who signed the backups',
  blocks: [
    words('A backup that another key signed is not this host’s. Compare before anything is restored.'),
    facts(
      ['signing key', signing],
      ['fingerprint', fingerprint(signing)],
      ...config.trust.map((key): readonly [string, string] => ['also trusted', key]),
    ),
  ],
});

/** Who can read. */
export const encryption = ({ config: { encryption: settings }, identity }: SheetFacts): SheetSection => ({
  title: 'What opens the backups',
  blocks:
    settings === null
      ? [warning('The backups are not encrypted: whoever has the repository can read them.')]
      : [
          facts(...settings.recipients.map((key): readonly [string, string] => ['encrypted to', key]), [
            'secret key',
            settings.identity ?? 'not on this host',
          ]),
          ...(identity === null
            ? [
                words('Without the secret key nobody opens them, not even with this sheet.'),
                blank('Where a copy of the secret key is kept'),
              ]
            : secretKey(identity)),
        ],
});

const secretKey = (identity: string): SheetBlock[] => [
  warning('SECRET'),
  commands(...identity.split('\n').filter((line) => line.trim() !== '')),
];
