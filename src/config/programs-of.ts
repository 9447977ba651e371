// Every program that a configuration makes an agent run: shown before one that came out of a repository is used.
import type { Config, Deployment } from './config.js';
import type { NotifierSettings } from './notify-settings.js';
import { notifierReferences, referencesOf, type UsedReference } from './secret-references.js';
import type { ServiceSettings } from './service-settings.js';

/** One line each: where it stands, and what is run. */
export const programsOf = (config: Config): string[] => [
  ...config.notify.flatMap(notifierLines),
  ...Object.values(config.deployments).flatMap((deployment) => [
    ...hookLines(deployment),
    ...deployment.services.flatMap((service) => serviceLines(deployment.name, service)),
    ...deployment.health.checks.flatMap((check) =>
      check.kind === 'command' ? [`${deployment.name} health: ${check.command.join(' ')}`] : [],
    ),
  ]),
  ...new Set(
    Object.values(config.deployments).flatMap((deployment) =>
      referencesOf(config, deployment).flatMap(referenceLines),
    ),
  ),
];

const referenceLines = ({ reference, path }: UsedReference): string[] =>
  reference.startsWith('command:') ? [`${path}: ${reference.slice('command:'.length)}`] : [];

const notifierLines = (notifier: NotifierSettings): string[] =>
  notifier.kind === 'command'
    ? [`${notifier.path}: ${notifier.argv.join(' ')}`]
    : notifierReferences(notifier).flatMap(referenceLines);

const hookLines = ({ name, hooks }: Deployment): string[] =>
  Object.entries(hooks).flatMap(([hook, commands]) =>
    commands.map((argv: readonly string[]) => `${name} hook ${hook}: ${argv.join(' ')}`),
  );

const serviceLines = (deployment: string, service: ServiceSettings): string[] => {
  switch (service.kind) {
    case 'command':
      return [service.stop, service.start, service.status].map(
        (argv) => `${deployment} service: ${argv.join(' ')}`,
      );
    case 'systemd':
      return [`${deployment} service: systemctl stop and start ${service.unit}`];
    case 'compose':
      return [
        `${deployment} service: docker stop and start ${service.project}: ${service.services.join(', ')}`,
      ];
    case 'container':
      return [`${deployment} service: docker stop and start ${service.name}`];
    default:
      return service satisfies never;
  }
};
