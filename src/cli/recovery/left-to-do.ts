// What a recovery leaves to a person, in the order in which it is done.
import type { Config, Deployment } from '../../config/config.js';
import type { UsedReference } from '../../config/secret-references.js';
import type { MadeRoles } from '../../database/missing-roles.js';
import type { RestoreResult } from '../../domain/progress.js';

export interface Recovered {
  config: Config;
  deployment: Deployment;
  roles: MadeRoles;
  result: RestoreResult;
  /** References that lead nowhere yet. */
  missing: readonly UsedReference[];
}

export const leftToDo = ({ config, deployment, roles, result, missing }: Recovered): string[] => [
  ...missing.map(({ reference, path }) => `put in place what ${path} refers to: ${reference}`),
  ...roles.withoutPassword.map(
    (role) => `set the password of the role ${role}: psql -c '\\password ${role}'`,
  ),
  ...roles.refused.map((words) => `the server refused: ${words}`),
  ...(result.aside ?? []).map(
    ({ tree, path }) => `look at files ${tree} in ${path}, and put in place what is needed`,
  ),
  ...(deployment.services.length === 0
    ? []
    : [`start the application (${deployment.services.map(serviceName).join(', ')})`]),
  ...deployment.hooks.afterRestore.map((argv) => `then run, since nobody has: ${argv.join(' ')}`),
  `look whether all is well: holdfast doctor ${deployment.name}`,
  `serve it from now on, with ${config.file}: holdfast up`,
  `if the old host is gone for good, back up from here: holdfast backup ${deployment.name} --take-over`,
];

const serviceName = (service: Deployment['services'][number]): string => {
  switch (service.kind) {
    case 'compose':
      return `${service.project}: ${service.services.join(', ')}`;
    case 'container':
      return service.name;
    case 'systemd':
      return service.unit;
    case 'command':
      return service.start.join(' ');
    default:
      return service satisfies never;
  }
};
