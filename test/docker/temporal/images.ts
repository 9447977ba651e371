// Brings the images that docker-compose.temporal.yml names to the engine: from the registry where it answers, and
// otherwise made here, under the same names. On an engine of the tests' own only: somebody's images are not replaced.
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { parse } from 'yaml';
import { docker } from '../support/docker.js';
import { STAND_INS } from './stand-ins.js';

export const COMPOSE_FILE = fileURLToPath(new URL('../../../docker-compose.temporal.yml', import.meta.url));

const RECIPES = fileURLToPath(new URL('stand-ins.ts', import.meta.url));

export const bringImages = async (): Promise<void> => {
  const images = await namedImages();
  if (await registryAnswers(images[0] ?? '')) return;
  for (const image of images) if (!(await isThere(image))) await makeStandIn(image);
};

/** All but holdfast's own, which is a variable. */
const namedImages = async (): Promise<string[]> => {
  const services: Record<string, { image: string }> = parse(await readFile(COMPOSE_FILE, 'utf8'), {
    merge: true,
  }).services;
  return [...new Set(Object.values(services).map(({ image }) => image))].filter(
    (image) => !image.startsWith('$'),
  );
};

const registryAnswers = async (image: string): Promise<boolean> =>
  !(await execa('docker', ['manifest', 'inspect', image], { reject: false, timeout: 20_000 })).failed;

const isThere = async (image: string): Promise<boolean> =>
  !(await execa('docker', ['image', 'inspect', image], { reject: false })).failed;

const makeStandIn = async (image: string): Promise<void> => {
  const context = await contextOf(image);
  const base = `BASE=${process.env.STACK_IMAGE}`;
  await docker()('build', '--network=none', '--build-arg', base, '--tag', image, context);
};

/** Kept for the next run, and whole or not there. */
const contextOf = async (image: string): Promise<string> => {
  const [, name = '', version = ''] = /^(.*):(.*)$/.exec(image) ?? [];
  const recipe = STAND_INS[name];
  if (recipe === undefined) throw new Error(`nothing stands in for the image ${image}`);
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'holdfast', 'stand-ins');
  const recipes = createHash('sha256')
    .update(await readFile(RECIPES))
    .digest('hex')
    .slice(0, 8);
  const context = join(cache, `${image.replace(/[/:]/g, '_')}-${recipes}`);
  if (await readFile(join(context, 'Dockerfile')).catch(() => null)) return context;
  await mkdir(cache, { recursive: true });
  const fresh = await mkdtemp(`${context}.`);
  await mkdir(join(fresh, 'root'));
  const lines = await recipe(version, join(fresh, 'root'));
  await writeFile(
    join(fresh, 'Dockerfile'),
    ['ARG BASE', 'FROM $BASE', 'COPY root/ /', ...lines, ''].join('\n'),
  );
  await rename(fresh, context);
  return context;
};
