import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      resolved: z.string().optional(),
      optionalDependencies: z.record(z.string(), z.string()).optional(),
    }),
  ),
});

const lock = lockSchema.parse(
  JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8')),
);

const installed = (name: string) =>
  Object.entries(lock.packages)
    .filter(([path]) => path === `node_modules/${name}` || path.endsWith(`/node_modules/${name}`))
    .map(([path, { version }]) => ({ path, version: version ?? '' }));

test('one protobufjs 8 is in the tree, where the whole Temporal SDK finds it: two of them break replay', () => {
  const eights = installed('protobufjs').filter(({ version }) => version.startsWith('8.'));
  expect(eights.map(({ path }) => path)).toEqual(['node_modules/protobufjs']);
});

test('all packages of the Temporal SDK have one version, as it demands', () => {
  const names = ['activity', 'client', 'common', 'proto', 'worker', 'workflow'];
  const versions = names.flatMap((name) => installed(`@temporalio/${name}`).map(({ version }) => version));
  expect(versions.length).toBe(names.length);
  expect(new Set(versions).size).toBe(1);
});

test('the lock file names no registry, so that npm ci uses whichever one a machine is set up for', () => {
  const hosts = Object.values(lock.packages).filter(({ resolved }) => resolved?.includes('://'));
  expect(hosts).toEqual([]);
});

test('the lock file names every platform’s packages, so that npm ci works on each of them', () => {
  const wanted = Object.values(lock.packages).flatMap(({ optionalDependencies = {} }) =>
    Object.keys(optionalDependencies),
  );
  expect(wanted.filter((name) => installed(name).length === 0)).toEqual([]);
});
