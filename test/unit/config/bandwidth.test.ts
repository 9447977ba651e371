import { expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/load.js';
import { problemsIn, writeConfig } from './holdfast-yaml.js';

const yaml = (...repositories: string[]) => `state: /srv/state
repositories: { ${repositories.map((repository, index) => `r${index}: ${repository}`).join(', ')} }
deployments: { edms: { files: { storage: /srv/storage } } }
`;

const KINDS = [
  '{ local: /srv/backups',
  '{ rclone: "b2:x"',
  '{ s3: { bucket: backups }',
  '{ restic: /srv/vault, password: env:PASSWORD',
];

it.each([
  ['64kB', 64_000],
  ['10MB', 10_000_000],
  ['1GB', 1_000_000_000],
  ['100KiB', 102_400],
  ['3MiB', 3_145_728],
])('every kind of repository takes a bandwidth of %s', async (given, bytes) => {
  const text = yaml(...KINDS.map((kind) => `${kind}, bandwidth: ${given} }`));
  const { repositories } = await loadConfig({ file: await writeConfig(text) });
  expect(Object.values(repositories).map(({ bandwidth }) => bandwidth)).toEqual(KINDS.map(() => bytes));
});

it('without one there is no limit', async () => {
  const { repositories } = await loadConfig({
    file: await writeConfig(yaml(...KINDS.map((kind) => `${kind} }`))),
  });
  for (const settings of Object.values(repositories)) expect(settings).not.toHaveProperty('bandwidth');
});

const SIZE = 'must be a size such as 500kB, 10MB or 1GB: so much a second';

it.each([
  ['10', SIZE],
  ['fast', SIZE],
  ['0MB', SIZE],
  ['10 MB', SIZE],
  ['10MB/s', SIZE],
  ['-5MB', SIZE],
  ['63kB', 'must be at least 64kB'],
])('a bandwidth of %s is refused beside every other problem', async (given, problem) => {
  expect(await problemsIn(yaml(`{ local: srv, bandwidth: ${given} }`))).toEqual([
    'repositories.r0.local: must be an absolute path',
    `repositories.r0.bandwidth: ${problem}`,
  ]);
});
