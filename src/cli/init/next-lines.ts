// What to type next.
import { resolve } from 'node:path';
import { shellQuote } from '../../catalog/restore-commands.js';
import { ownEnvironment } from '../../config/own-environment.js';
import { toFillIn } from '../../operations/init/render-draft.js';
import type { Written } from './written.js';

export const nextLines = ({ draft, variable }: Pick<Written, 'draft' | 'variable'>): string[] => {
  const { deployment, file } = draft;
  const how = configWords(file);
  return [
    'next:',
    ...(variable === null
      ? []
      : [
          `  set -a; . ${shellQuote(variable.file)}; set +a    # ${variable.name}; for a systemd unit: EnvironmentFile=${variable.file}`,
        ]),
    ...(toFillIn(draft).length === 0 ? [] : [`  fill in what is marked in ${file}`]),
    `  holdfast doctor ${deployment}${how}`,
    `  holdfast backup ${deployment}${how}`,
    `  holdfast drill ${deployment}${how}`,
    `  holdfast up${how}    # has to run for backups to happen by themselves (docs/install.md)`,
  ];
};

/** Where holdfast does not find the file by itself. */
const configWords = (file: string): string => {
  const isFound =
    !ownEnvironment().HOLDFAST_CONFIG &&
    [resolve('holdfast.yaml'), '/etc/holdfast/holdfast.yaml'].includes(file);
  return isFound ? '' : ` --config ${shellQuote(file)}`;
};
