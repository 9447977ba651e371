// The Compose project that a folder describes. Its file is read here and not by `docker compose config`: that needs the plugin,
// and an init must see what is there when Docker is not. Where containers exist, they are believed instead (compose-containers.ts).
import { basename, join, resolve } from 'node:path';
import { readShapes } from './compose-include.js';
import type { ComposeProject } from './compose-project.js';
import { composeProject } from './compose-services.js';
import type { ComposeShape } from './compose-shape.js';
import { readIfThere, type Text } from './compose-text.js';
import { readEnvFile } from './env-file.js';

export type FoundCompose =
  | { kind: 'project'; project: ComposeProject; file: string }
  | { kind: 'none' }
  /** `problem` says it about the file, and quotes nothing of it: it may hold a password. */
  | { kind: 'unreadable'; file: string; problem: string };

/** As Compose looks for them. */
const NAMES = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];

/** @param environment of this process: it counts more than `.env` */
export const findComposeFile = async (
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<FoundCompose> => {
  for (const name of NAMES) {
    const main = await readIfThere(join(folder, name));
    if (main === null) continue;
    const over = await Promise.all(
      ['yaml', 'yml'].map((end) => readIfThere(join(folder, name.replace(/\.ya?ml$/, `.override.${end}`)))),
    );
    return readProject([main, ...over.flatMap((one) => one ?? [])], folder, environment);
  }
  return { kind: 'none' };
};

const readProject = async (
  texts: readonly Text[],
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<FoundCompose> => {
  const variables = { ...(await readEnvFile(join(folder, '.env'))), ...environment };
  const read = await readShapes(texts, { folder, variables });
  if ('problem' in read) return { kind: 'unreadable', ...read };
  const { shapes } = read;
  const envFiles = await readEnvFiles(shapes, folder);
  const project = projectName(variables.COMPOSE_PROJECT_NAME || basename(folder));
  return {
    kind: 'project',
    project: composeProject(shapes, { folder, project, envFiles }),
    file: texts[0]?.file ?? folder,
  };
};

const readEnvFiles = async (
  shapes: readonly ComposeShape[],
  folder: string,
): Promise<Record<string, Record<string, string>>> => {
  const files = shapes.flatMap(({ services }) =>
    Object.values(services).flatMap(({ env_file }) => env_file ?? []),
  );
  const read = await Promise.all(
    [...new Set(files)].map(
      async (file) => [file, (await readEnvFile(resolve(folder, file))) ?? {}] as const,
    ),
  );
  return Object.fromEntries(read);
};

/** As Compose makes one of a folder's name. */
const projectName = (given: string): string =>
  given
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, '')
    .replace(/^[_-]+/, '');
