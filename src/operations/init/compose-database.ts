// A PostgreSQL service of a Compose project, as holdfast.yaml names it. Its password is never taken over: it is referred to,
// by the file that Compose gives the container, or by asking the container for the variable that it was given.
import type { ComposeService } from './compose-project.js';
import type { DatabaseDraft } from './draft.js';

export const composeDatabase = (project: string, service: ComposeService): DatabaseDraft => {
  const user = givenValue(service, 'USER', 'USERNAME') ?? 'postgres';
  return {
    kind: 'compose',
    project,
    service: service.name,
    user,
    name: givenValue(service, 'DB', 'DATABASE') ?? user,
    password: passwordOf(service),
  };
};

/** Of PostgreSQL's own image, and of one that many use beside it. */
const PREFIXES = ['POSTGRES_', 'POSTGRESQL_'];

const variableOf = ({ environment }: ComposeService, ...names: string[]): string | undefined =>
  PREFIXES.flatMap((prefix) => names.map((name) => `${prefix}${name}`)).find((name) =>
    Object.hasOwn(environment, name),
  );

const givenValue = (service: ComposeService, ...names: string[]): string | null => {
  const variable = variableOf(service, ...names);
  return (variable === undefined ? '' : service.environment[variable]) || null;
};

const passwordOf = (service: ComposeService): string | null => {
  const file = givenValue(service, 'PASSWORD_FILE');
  if (file !== null) return fileReference(service, file);
  const variable = variableOf(service, 'PASSWORD');
  return variable === undefined ? null : `command:docker exec ${service.container} printenv ${variable}`;
};

/** The file on the host where Compose mounts one, else what the container reads from it. */
const fileReference = ({ mounts, container }: ComposeService, file: string): string => {
  const mount = mounts.find(({ kind, target }) => kind === 'bind' && target === file);
  return mount?.kind === 'bind' ? `file:${mount.path}` : `command:docker exec ${container} cat ${file}`;
};
