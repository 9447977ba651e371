import { expect, test } from 'vitest';
import { parseConfig } from '../../../src/config/load.js';
import { missingReferences } from '../../../src/config/missing-references.js';
import { programsOf } from '../../../src/config/programs-of.js';
import { referencesOf, toldReferencesOf } from '../../../src/config/secret-references.js';
import { problemsIn } from './holdfast-yaml.js';

const TEXT = `
state: /var/lib/holdfast
repositories:
  local: { local: /srv/backups }
  offsite: { s3: { bucket: backups, accessKeyId: env:S3_KEY, secretAccessKey: "command:pass show s3" } }
  vault: { restic: /srv/vault, password: file:/etc/holdfast/vault, environment: { B2_KEY: env:B2 } }
  unused: { restic: /srv/other, password: env:OTHER }
notify:
  - email: { to: a@example.com, from: b@example.com, smtp: file:/etc/holdfast/smtp }
  - webhook: { url: https://hooks.example.com/x, secret: "command:pass show hook", headers: { X-From: web1, X-Token: env:TOKEN } }
  - command: [/srv/tell, env:NOT_A_REFERENCE]
  - { ping: env:SHOP_PING, deployments: [shop] }
  - { ping: env:S3_KEY, deployments: [edms] }
encryption: { recipients: [age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p], identity: file:/etc/holdfast/key }
deployments:
  edms:
    sealSecrets: true
    databases:
      main: { url: env:DATABASE_URL }
      audit: { host: db, name: audit, user: edms, password: env:S3_KEY }
    hooks: { beforeBackup: [[/srv/flush, env:NOT_A_REFERENCE]], afterRestore: [[migrate]] }
    services:
      - command: { stop: [/srv/stop], start: [/srv/start], status: [/srv/status] }
      - systemd: edms.service
    health: { checks: [ { command: [/srv/check] } ] }
    repositories: [local, offsite, vault]
  shop: { files: { media: /srv/shop }, repositories: [local] }
`;

const config = await parseConfig({ file: '/etc/holdfast/holdfast.yaml', text: TEXT });
const { edms } = config.deployments;
if (edms === undefined) throw new Error('there is no edms');

test('the references of a deployment and its own repositories, each once, and never the key', () => {
  expect(referencesOf(config, edms).map(({ reference }) => reference)).toEqual([
    'env:DATABASE_URL',
    'env:S3_KEY',
    'command:pass show s3',
    'file:/etc/holdfast/vault',
    'env:B2',
  ]);
});

test('those of whoever is told of it, too, and of nobody else', () => {
  expect(toldReferencesOf(config, edms)).toEqual([
    { reference: 'file:/etc/holdfast/smtp', path: 'notify[0].email.smtp' },
    { reference: 'command:pass show hook', path: 'notify[1].webhook.secret' },
    { reference: 'env:TOKEN', path: 'notify[1].webhook.headers.X-Token' },
    { reference: 'env:S3_KEY', path: 'notify[4].ping' },
  ]);
});

test('variables that are not set and files that are not there lead nowhere', async () => {
  process.env.S3_KEY = 'set';
  expect(await missingReferences(config, edms)).toEqual([
    { reference: 'env:DATABASE_URL', path: 'deployments.edms.databases.main' },
    { reference: 'file:/etc/holdfast/vault', path: 'repositories.vault.password' },
    { reference: 'env:B2', path: 'repositories.vault.environment.B2_KEY' },
    { reference: 'file:/etc/holdfast/smtp', path: 'notify[0].email.smtp' },
    { reference: 'env:TOKEN', path: 'notify[1].webhook.headers.X-Token' },
  ]);
  delete process.env.S3_KEY;
});

test('every program that a configuration makes an agent run is named', () => {
  expect(programsOf(config)).toEqual([
    'notify[1].webhook.secret: pass show hook',
    'notify[2].command: /srv/tell env:NOT_A_REFERENCE',
    'edms hook beforeBackup: /srv/flush env:NOT_A_REFERENCE',
    'edms hook afterRestore: migrate',
    'edms service: /srv/stop',
    'edms service: /srv/start',
    'edms service: /srv/status',
    'edms service: systemctl stop and start edms.service',
    'edms health: /srv/check',
    'repositories.offsite.s3.secretAccessKey: pass show s3',
  ]);
});

test('secrets are sealed to somebody, or not at all', async () => {
  expect(await problemsIn(TEXT.replace(/^encryption:.*$/m, ''))).toEqual([
    'deployments.edms.sealSecrets: needs encryption.recipients: secrets are stored for these alone',
  ]);
});
