// holdfast's own image, built from the Dockerfile without a registry: its base is the image of the stack with the docker
// program, and the context brings what was built and installed here.
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { which } from '../../support/scenario-hosts.js';
import { fetchedPlugin } from '../engine/compose-plugin.js';
import { docker } from './docker.js';

const LABEL = 'holdfast.test.image';
const CHECKOUT = fileURLToPath(new URL('../../..', import.meta.url));
const OURS = [
  ...['Dockerfile', 'LICENSE', 'package.json', 'holdfast.schema.json'],
  ...['bin', 'dist', 'packaging', 'scripts'],
];

export interface BuiltImage {
  tag: string;
  /** Its base goes too, and whatever its build left. */
  remove(): Promise<void>;
}

/** From within a build nothing can be reached: the network is off. */
export const buildImage = async (name: string): Promise<BuiltImage> => {
  const base = `${name}-base`;
  await buildBase(base, `${LABEL}=${name}`);
  const options = ['--network=none', '--build-arg', `BASE=${base}`, '--build-arg', 'FETCH=no'];
  const context = ['--create', `--directory=${CHECKOUT}`, ...OURS, ...(await productionModules())];
  await execa(
    'tar',
    ['--exclude=core-bridge/releases/*-apple-*', '--exclude=core-bridge/releases/*-windows-*', ...context],
    {
      buffer: false,
    },
  ).pipe('docker', ['build', '--tag', name, ...options, '-']);
  return { tag: name, remove: () => removeImages(name, base) };
};

/** The stage that is not part of the result has no name; it inherits the base's label. */
const removeImages = async (name: string, base: string): Promise<void> => {
  await docker()('image', 'rm', name);
  await docker()('image', 'prune', '--force', '--filter', `label=${LABEL}=${name}`);
  await docker()('image', 'rm', base);
};

const buildBase = async (tag: string, label: string): Promise<void> => {
  const context = await mkdtemp(join(tmpdir(), 'holdfast-base-'));
  try {
    await mkdir(join(context, 'plugins'));
    await copyFile(which('docker'), join(context, 'docker'));
    await copyFile(await fetchedPlugin(), join(context, 'plugins', 'docker-compose'));
    const lines = [
      `FROM ${process.env.STACK_IMAGE}`,
      `LABEL ${label}`,
      'COPY docker /usr/local/bin/',
      'COPY plugins /usr/local/lib/docker/cli-plugins',
    ];
    await writeFile(join(context, 'Dockerfile'), `${lines.join('\n')}\n`);
    await docker()('build', '--network=none', '--tag', tag, context);
  } finally {
    await rm(context, { recursive: true });
  }
};

/** What `npm ci --omit=dev` would install: those that lie in another one come with it. */
const productionModules = async (): Promise<string[]> => {
  const { stdout } = await execa('npm', ['ls', '--omit=dev', '--all', '--parseable'], { cwd: CHECKOUT });
  const names = stdout
    .split('\n')
    .flatMap((line) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(line)?.[1] ?? []);
  const paths = new Set(names.map((module) => `node_modules/${module}`));
  return [...paths].filter(
    (path) => stdout.includes(`${CHECKOUT}${path}\n`) || stdout.endsWith(`${CHECKOUT}${path}`),
  );
};
