// What runs around the data: the services that a step will touch, and which version of the application that is.
import type { Deployment } from '../../config/config.js';
import type { Application } from '../../domain/manifest.js';
import { type ServiceUnit, unitsOf } from '../../services/service.js';
import { type Container, inspectContainers } from '../../tools/docker.js';

const REVISION_LABELS = ['org.opencontainers.image.revision', 'org.opencontainers.image.version'];

/** As it is now. What no image says stays unknown. */
export const applicationOf = async (deployment: Deployment): Promise<Application> => {
  const units = await unitsOf(deployment.services);
  const containers = await containersOf(units);
  const images = units.flatMap(({ label, ...unit }) => {
    const container = unit.kind === 'container' ? containers.get(unit.id) : undefined;
    return container === undefined
      ? []
      : [{ service: label, image: container.imageName, id: container.image }];
  });
  return { revision: revisionOf([...containers.values()]), images };
};

const containersOf = async (units: readonly ServiceUnit[]): Promise<Map<string, Container>> => {
  const ids = units.flatMap((unit) => (unit.kind === 'container' ? [unit.id] : []));
  return new Map((await inspectContainers(ids)).map((container) => [container.id, container]));
};

const revisionOf = (containers: readonly Container[]): string | null => {
  const revisions = containers.flatMap(({ labels }) =>
    REVISION_LABELS.flatMap((label) => labels[label] ?? []),
  );
  return revisions[0] ?? null;
};

/** Lines for the person who approves a restore; none where the same version runs. */
export const versionLines = (then: Application, now: Application): string[] => {
  const changed = then.images.flatMap((was) => {
    const is = now.images.find(({ service }) => service === was.service);
    return is === undefined || is.id === was.id
      ? []
      : [`${was.service} ran ${named(was)}, and runs ${named(is)} now`];
  });
  const revision =
    then.revision !== null && now.revision !== null && then.revision !== now.revision
      ? [`the application was at ${then.revision}, and is at ${now.revision} now`]
      : [];
  const lines = [...revision, ...changed];
  return lines.length === 0
    ? []
    : [...lines, 'another version may not understand the restored data: if so, roll the image back first'];
};

const named = ({ image, id }: { image: string; id: string }): string =>
  `${image} (${id.replace(/^sha256:/, '').slice(0, 12)})`;
