// The files of a project and those that they include, each with the paths and the `.env` of its own folder.
import { dirname, isAbsolute, resolve } from 'node:path';
import type { ComposeShape, IncludeShape, ServiceShape } from './compose-shape.js';
import { readIfThere, shapeOf, type Text } from './compose-text.js';
import { readEnvFile } from './env-file.js';

interface Around {
  /** Where relative paths begin. */
  folder: string;
  variables: Readonly<Record<string, string | undefined>>;
  /** Files that include this one. */
  above?: readonly string[];
}

export type ReadShapes = { shapes: ComposeShape[] } | { file: string; problem: string };

/** What is included comes first: it counts less. */
export const readShapes = async (texts: readonly Text[], around: Around): Promise<ReadShapes> => {
  const shapes: ComposeShape[] = [];
  for (const { file, text } of texts) {
    const read = shapeOf(text, around.variables);
    if ('problem' in read) return { file, problem: read.problem };
    for (const one of read.shape.include ?? []) {
      const included = await readIncluded(one, file, around);
      if ('problem' in included) return included;
      shapes.push(...included.shapes);
    }
    shapes.push(read.shape);
  }
  return { shapes };
};

const readIncluded = async (
  { path, project_directory: own, env_file }: IncludeShape,
  file: string,
  { folder: outer, variables: outside, above = [] }: Around,
): Promise<ReadShapes> => {
  const files = path.map((one) => resolve(outer, one));
  const texts: Text[] = [];
  for (const [index, one] of files.entries()) {
    const text = [...above, file].includes(one) ? null : await readIfThere(one);
    if (text === null)
      return { file, problem: `includes ${path[index]}, which is no file here, or which includes it again` };
    texts.push(text);
  }
  const folder = own === undefined ? dirname(files[0] ?? file) : resolve(outer, own);
  const envFiles = env_file?.map((one) => resolve(outer, one)) ?? [resolve(folder, '.env')];
  const given = await Promise.all(envFiles.map((one) => readEnvFile(one)));
  const variables = { ...Object.assign({}, ...given), ...outside };
  const read = await readShapes(texts, { folder, variables, above: [...above, file] });
  return 'problem' in read ? read : { shapes: read.shapes.map((shape) => settled(shape, folder)) };
};

/** With absolute paths: they no longer depend on the file that they stand in. The project has its name from elsewhere. */
const settled = (shape: ComposeShape, folder: string): ComposeShape => ({
  ...shape,
  name: undefined,
  services: Object.fromEntries(
    Object.entries(shape.services).map(([name, service]) => [name, settledService(service, folder)]),
  ),
  secrets: Object.fromEntries(
    Object.entries(shape.secrets ?? {}).map(([name, secret]) => [
      name,
      secret?.file === undefined ? secret : { ...secret, file: settledPath(secret.file, folder) },
    ]),
  ),
});

const settledService = (service: ServiceShape, folder: string): ServiceShape => ({
  ...service,
  env_file: service.env_file?.map((file) => resolve(folder, file)),
  volumes: service.volumes?.map((volume) => {
    if (typeof volume === 'string') return volume.replace(/^\.[^:]*/, (path) => resolve(folder, path));
    if (volume.type !== 'bind' || volume.source === undefined) return volume;
    return { ...volume, source: settledPath(volume.source, folder) };
  }),
});

const settledPath = (path: string, folder: string): string =>
  isAbsolute(path) || path.startsWith('~') ? path : resolve(folder, path);
