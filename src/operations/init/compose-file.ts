// The Compose project that a folder describes. Its file is read here and not by `docker compose config`: that needs the plugin,
// and an init must see what is there when Docker is not. Where containers exist, they are believed instead (compose-containers.ts).
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { LineCounter, parse, YAMLParseError } from 'yaml';
import { isErrno } from '../../files/status.js';
import type { ComposeProject } from './compose-project.js';
import { composeProject } from './compose-services.js';
import { type ComposeShape, composeSchema } from './compose-shape.js';
import { interpolated } from './compose-values.js';
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

interface Text {
  file: string;
  text: string;
}

const readIfThere = async (file: string): Promise<Text | null> => {
  try {
    return { file, text: await readFile(file, 'utf8') };
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'EISDIR')) return null;
    if (isErrno(error, 'EACCES')) return { file, text: UNREADABLE };
    throw error;
  }
};

/** No YAML begins so. */
const UNREADABLE = '\0';

const readProject = async (
  texts: readonly Text[],
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<FoundCompose> => {
  const variables = { ...(await readEnvFile(join(folder, '.env'))), ...environment };
  const shapes: ComposeShape[] = [];
  for (const { file, text } of texts) {
    const read = shapeOf(text, variables);
    if ('problem' in read) return { kind: 'unreadable', file, problem: read.problem };
    shapes.push(read.shape);
  }
  const envFiles = await readEnvFiles(shapes, folder);
  const project = projectName(variables.COMPOSE_PROJECT_NAME || basename(folder));
  return {
    kind: 'project',
    project: composeProject(shapes, { folder, project, envFiles }),
    file: texts[0]?.file ?? folder,
  };
};

const shapeOf = (
  text: string,
  variables: Readonly<Record<string, string | undefined>>,
): { shape: ComposeShape } | { problem: string } => {
  if (text === UNREADABLE) return { problem: 'cannot be read by this user' };
  const parsed = parsedText(text);
  if ('problem' in parsed) return parsed;
  const read = composeSchema.safeParse(interpolated(parsed.value, variables));
  if (read.success) return { shape: read.data };
  const where = read.error.issues[0]?.path.join('.') || 'it';
  return { problem: `is no Compose file: ${where} is not what it should be` };
};

const parsedText = (text: string): { value: unknown } | { problem: string } => {
  const lineCounter = new LineCounter();
  try {
    return { value: parse(text, { merge: true, prettyErrors: false, logLevel: 'error', lineCounter }) };
  } catch (error) {
    if (error instanceof ReferenceError) return { problem: 'uses a *name that no &name defines' };
    if (!(error instanceof YAMLParseError)) return { problem: 'has a << that names no mapping' };
    const { line, col } = lineCounter.linePos(error.pos[0]);
    return { problem: `is not YAML: line ${line}, column ${col}` };
  }
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
