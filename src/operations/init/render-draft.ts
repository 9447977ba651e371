// holdfast.yaml as `init` writes it: the settings that are known, the others as examples, and what a stranger needs to know
// beside each.
import type { Draft } from './draft.js';
import { folderLines, healthLines, hookLines, serviceLines } from './render-application.js';
import { databaseLines, type Gap, gapsIn } from './render-database.js';
import { encryptionLines, hostLines, notifyLines, repositoryLines } from './render-host.js';
import { routineLines } from './render-routine.js';
import { comments, indented, yamlText } from './yaml-text.js';

/** `deployments.app.database.host`, and what belongs there. */
export const toFillIn = ({ deployment, database }: Draft): { path: string; what: string }[] =>
  gapsIn(database).map(({ key, what }) => ({ path: `deployments.${deployment}.database.${key}`, what }));

export const renderDraft = (draft: Draft, space: string | null): string => render(draft, space, () => '');

/** As it will be once its gaps are filled: what is wrong with this one would be wrong with that one. */
export const renderFilled = (draft: Draft): string => render(draft, null, ({ sample }) => sample);

const render = (draft: Draft, space: string | null, fill: (gap: Gap) => string): string =>
  `${[
    ...headLines(draft),
    '',
    ...hostLines(draft),
    '',
    ...repositoryLines(draft),
    '',
    ...encryptionLines(draft),
    '',
    ...notifyLines(draft),
    '',
    'deployments:',
    `  ${yamlText(draft.deployment)}:`,
    ...indented(4, deploymentLines(draft, space, fill)),
  ].join('\n')}\n`;

const headLines = ({ deployment, database }: Draft): string[] =>
  comments(
    'What is backed up on this host, where to, and how often. It holds no secret: passwords are references (env:NAME, file:/path,',
    'command:program args). Nobody but you may change it. docs/configuration.md has every key; after a change run holdfast doctor.',
    ...(gapsIn(database).length === 0
      ? []
      : ['', 'NOT COMPLETE: nothing starts before every line marked FILL IN has its value.']),
    '',
    ...aligned(
      [`holdfast doctor ${deployment}`, 'would a backup and a restore work?'],
      [`holdfast backup ${deployment}`, 'makes one now'],
      [`holdfast drill ${deployment}`, 'proves that the newest one restores'],
      [`holdfast restore ${deployment} latest`, 'shows its plan, asks, and puts it back'],
      ['holdfast up', 'has to run for backups to happen by themselves: as a service, docs/install.md'],
    ),
  );

const aligned = (...rows: readonly (readonly [command: string, what: string])[]): string[] => {
  const width = Math.max(...rows.map(([command]) => command.length));
  return rows.map(([command, what]) => `  ${command.padEnd(width)}   ${what}`);
};

const deploymentLines = (draft: Draft, space: string | null, fill: (gap: Gap) => string): string[] => [
  ...(draft.database === null ? [] : [...databaseLines(draft.database, fill), '']),
  ...folderLines(draft.folders),
  '',
  ...serviceLines(draft),
  '',
  ...hookLines(draft),
  '',
  ...healthLines(draft),
  '',
  ...routineLines(draft.tiers, space),
  '',
  ...comments('How long a restore keeps what it replaced, for `holdfast undo`.'),
  'keepPrevious: 48h',
];
