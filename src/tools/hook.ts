// A hook: a command of the deployment's owner that runs around a backup or a restore. It learns what goes on from its
// environment, which holds no secret: a password is in the file that PGPASSFILE names.
import type { HookSettings } from '../config/service-settings.js';
import type { DatabaseTarget } from '../config/targets.js';
import type { Command } from './command.js';
import { configuredCommand } from './configured-command.js';

export type HookName = keyof HookSettings;

export interface HookFacts {
  deployment: string;
  /** The backup that is made, or that was restored. */
  backup: string;
  operation: string;
  databases: readonly Pick<DatabaseTarget, 'name' | 'host' | 'port' | 'user' | 'database'>[];
  trees: readonly { name: string; path: string }[];
  /** How libpq finds password and parameters: paths, no secret. PGSERVICE is not among them: it would outdo PGDATABASE. */
  connection?: Readonly<Record<string, string>>;
}

export const hookCommand = (name: HookName, argv: readonly string[], facts: HookFacts): Command =>
  configuredCommand(argv, hookEnvironment(name, facts));

/** Lists are separated by a space: no configured name holds one. PG* stands for the first database. */
const hookEnvironment = (name: HookName, facts: HookFacts): Record<string, string> => ({
  HOLDFAST_HOOK: name,
  HOLDFAST_DEPLOYMENT: facts.deployment,
  HOLDFAST_BACKUP: facts.backup,
  HOLDFAST_OPERATION: facts.operation,
  HOLDFAST_DATABASES: facts.databases.map((database) => database.name).join(' '),
  HOLDFAST_TREES: facts.trees.map((tree) => tree.name).join(' '),
  ...Object.fromEntries(facts.trees.map((tree) => [treeVariable(tree.name), tree.path])),
  ...connectionVariables(facts),
});

/** `HOLDFAST_TREE_USER_MEDIA` for the tree user-media. */
const treeVariable = (name: string): string => `HOLDFAST_TREE_${name.toUpperCase().replace(/-/g, '_')}`;

const connectionVariables = ({ databases, connection = {} }: HookFacts): Record<string, string> => {
  const [first] = databases;
  if (first === undefined) return {};
  return {
    ...connection,
    PGHOST: first.host,
    PGPORT: String(first.port),
    PGUSER: first.user,
    PGDATABASE: first.database,
  };
};
