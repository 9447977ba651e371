import { expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/load.js';
import { problemsIn, writeConfig } from './holdfast-yaml.js';

const yaml = (repository: string, tree = '/srv/tree'): string =>
  `state: /var/lib/holdfast\nrepositories:\n  vault: ${repository}\ndeployments:\n  edms:\n    files: { storage: ${tree} }\n`;

it('a restic repository keeps its secrets as references', async () => {
  const file = await writeConfig(
    yaml(
      '{ restic: "s3:https://s3.example.com/vault", password: env:VAULT, environment: { AWS_ACCESS_KEY_ID: env:KEY } }',
    ),
  );
  const { repositories } = await loadConfig({ file });
  expect(repositories.vault).toEqual({
    kind: 'restic',
    name: 'vault',
    repository: 's3:https://s3.example.com/vault',
    password: 'env:VAULT',
    environment: { AWS_ACCESS_KEY_ID: 'env:KEY' },
  });
});

it.each([
  [
    '{ restic: /srv/vault }',
    'repositories.vault: has restic but no password, without which it cannot be opened',
  ],
  [
    '{ local: /srv/b, password: env:VAULT }',
    'repositories.vault: has password or environment, which belong to restic',
  ],
  [
    '{ restic: vault, password: env:VAULT }',
    'repositories.vault.restic: must be an absolute path, or as restic takes it: s3:https://host/bucket',
  ],
  [
    '{ restic: "rest:https://me:secret@host/", password: env:VAULT }',
    'repositories.vault.restic: holds a password; give it in environment, such as RESTIC_REST_PASSWORD: env:NAME',
  ],
  [
    '{ restic: /srv/vault, password: secret }',
    'repositories.vault.password: a secret is not written here; use env:NAME, file:/path or command:program args',
  ],
  [
    '{ restic: /srv/vault, password: env:VAULT, environment: { KEY: secret } }',
    'repositories.vault.environment.KEY: a secret is not written here; use env:NAME, file:/path or command:program args',
  ],
])('what is wrong is said with its place: %s', async (repository, problem) => {
  expect(await problemsIn(yaml(repository))).toEqual([problem]);
});

it('a restic repository in a folder must not be part of what is backed up', async () => {
  const problems = await problemsIn(yaml('{ restic: /srv/tree/vault, password: env:VAULT }'));
  expect(problems[0]).toContain('backups must not be part of what is backed up');
});
