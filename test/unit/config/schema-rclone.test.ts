import { expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/load.js';
import { problemsIn, writeConfig } from './holdfast-yaml.js';

const yaml = (repository: string) => `state: /srv/state
repositories: { far: ${repository} }
deployments: { edms: { files: { storage: /srv/storage } } }
`;

const remoteOf = async (text: string) => {
  const { repositories } = await loadConfig({
    file: await writeConfig(yaml(`{ rclone: ${JSON.stringify(text)} }`)),
  });
  return repositories.far;
};

it.each([
  ['azure:container/holdfast', 'azure:container/holdfast'],
  ['azure:container/holdfast/', 'azure:container/holdfast'],
  ['b2:', 'b2:'],
  ['disk:/', 'disk:/'],
  [":webdav,url='https://dav.example.com':backups", ":webdav,url='https://dav.example.com':backups"],
])('rclone: %s is a remote', async (given, remote) => {
  expect(await remoteOf(given)).toEqual({ kind: 'rclone', name: 'far', remote });
});

it.each([
  ['{ rclone: /srv/backups }', 'repositories.far.rclone: must be REMOTE:PATH, as rclone takes it'],
  [
    `{ rclone: ":webdav,pass=hunter2:x" }`,
    'repositories.far.rclone: holds a secret; give it to the remote with rclone config and write NAME:PATH here',
  ],
])('%s is refused', async (given, problem) => {
  expect(await problemsIn(yaml(given))).toEqual([problem]);
});

it('a repository is of one kind', async () => {
  for (const given of ['{ local: /srv/backups, rclone: "b2:x" }', '{}'])
    expect(await problemsIn(yaml(given))).toEqual([
      expect.stringMatching(/^repositories\.far: must have one of local, rclone/),
    ]);
});
