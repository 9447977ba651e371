// What a restore request selects from a backup, and whether the configuration has a place for it.
import type { Deployment } from '../../config/config.js';
import { Failure } from '../../domain/failure.js';
import type { DatabaseFacts, Manifest, TreeFacts } from '../../domain/manifest.js';
import { isSelected, type RestoreRequest } from '../../domain/requests.js';

export interface Selection {
  databases: DatabaseFacts[];
  trees: TreeFacts[];
}

/** Failure INPUT_INVALID when a selector selects nothing, CONFIG_INVALID when holdfast.yaml lacks what is selected. */
export const selectionOf = (
  { only }: RestoreRequest,
  manifest: Manifest,
  deployment: Deployment,
): Selection => {
  const databases = manifest.databases.filter(({ name }) => isSelected(only, 'database', name));
  const trees = manifest.trees.filter(({ name }) => isSelected(only, 'files', name));
  requireSomething(only, manifest);
  for (const { name } of databases) requireConfigured('databases', name, deployment);
  for (const { name } of trees) requireConfigured('files', name, deployment);
  return { databases, trees };
};

const requireSomething = (only: readonly string[], manifest: Manifest): void => {
  const there = [
    ...manifest.databases.map(({ name }) => `database.${name}`),
    ...manifest.trees.map(({ name }) => `files.${name}`),
  ];
  const selects = (selector: string) =>
    there.some((one) => one === selector || one.startsWith(`${selector}.`));
  const missing = only.filter((selector) => !selects(selector));
  if (missing.length === 0 && there.length > 0) return;
  throw new Failure(
    'INPUT_INVALID',
    `the backup ${manifest.id} does not hold ${missing.join(', ') || 'anything'}`,
    { hint: `it holds ${there.join(', ') || 'nothing'}` },
  );
};

const requireConfigured = (kind: 'databases' | 'files', name: string, deployment: Deployment): void => {
  const known = kind === 'databases' ? deployment.databases : deployment.trees;
  if (known.some((one) => one.name === name)) return;
  throw new Failure(
    'CONFIG_INVALID',
    `the backup holds ${kind} ${name}, which deployments.${deployment.name} does not name`,
    {
      hint: `add deployments.${deployment.name}.${kind}.${name}, or choose with --only`,
    },
  );
};
