import { expect, test } from 'vitest';
import { recoveredYaml } from '../../../src/config/recovered-yaml.js';

const TEXT = `# ours
repositories:
  local: { local: /srv/backups }   # the disk
  offsite: { s3: { bucket: backups, accessKeyId: env:KEY } }
temporal: { address: "temporal.example.com:7233" }
encryption:
  recipients: [age1abc]
deployments:
  edms:
    database: { url: env:DATABASE_URL }
    repositories: [local]
    hooks: { beforeBackup: [[print, env:DATABASE_URL]] }
`;

const changes = {
  repository: { name: 'local', shape: { local: '/mnt/usb' } },
  deployment: 'edms',
  identity: 'file:/root/key.txt',
  trust: 'ed25519:abc',
  references: new Map([
    ['env:DATABASE_URL', 'file:/root/holdfast-secrets/url'],
    ['env:KEY', 'file:/root/holdfast-secrets/key'],
  ]),
};

test('only what must be is changed: repository, key, trust, references, a Temporal that is elsewhere', () => {
  expect(recoveredYaml(TEXT, changes)).toBe(`# ours
repositories:
  local:
    local: /mnt/usb
  offsite: { s3: { bucket: backups, accessKeyId: file:/root/holdfast-secrets/key } }
temporal: embedded
encryption:
  recipients: [ age1abc ]
  identity: file:/root/key.txt
deployments:
  edms:
    database: { url: file:/root/holdfast-secrets/url }
    repositories: [ local ]
    hooks: { beforeBackup: [ [ print, env:DATABASE_URL ] ] }
trust:
  - ed25519:abc
`);
});

test('a repository that the configuration does not know comes first, and nothing is said twice', () => {
  const text = recoveredYaml(`${TEXT}trust: [ed25519:abc]\n`, {
    ...changes,
    repository: { name: 'recovered', shape: { local: '/mnt/usb' } },
    identity: null,
  });
  expect(text).toContain('repositories:\n      - recovered\n      - local\n');
  expect(text).toContain('trust: [ ed25519:abc ]');
  expect(text).not.toContain('identity');
});
