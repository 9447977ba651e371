import { afterEach, expect, test, vi } from 'vitest';
import { addressOf, parseAddress } from '../../../src/config/repository-address.js';

const settingsOf = (text: string) => parseAddress(text, 'there').settings;

afterEach(() => void vi.unstubAllEnvs());

test('a folder is a local repository, wherever it is named from', () => {
  expect(settingsOf('/mnt/usb/backups/')).toMatchObject({ kind: 'local', path: '/mnt/usb/backups' });
  expect(settingsOf('backups')).toMatchObject({ kind: 'local', path: `${process.cwd()}/backups` });
});

test('a bucket has its prefix, endpoint, region and style in one line', () => {
  const text = 's3://backups/host/a?endpoint=https://s3.example.com&region=eu-central-1&forcePathStyle=false';
  expect(settingsOf(text)).toMatchObject({
    kind: 's3',
    bucket: 'backups',
    prefix: 'host/a',
    endpoint: 'https://s3.example.com',
    region: 'eu-central-1',
    forcePathStyle: false,
    accessKeyId: null,
  });
  expect(settingsOf('s3://backups')).toMatchObject({ prefix: '', endpoint: null, forcePathStyle: false });
});

test.each([
  '/srv/backups',
  's3://backups?region=us-east-1',
  's3://backups/a/b?endpoint=http://127.0.0.1:9000&region=eu',
  's3://backups/a?endpoint=https://s3.example.com&region=eu&forcePathStyle=false',
  'rclone:azure:container/holdfast',
])('what the sheet prints of %s leads back to it', (text) => {
  const settings = settingsOf(text);
  expect(settingsOf(addressOf(settings))).toEqual(settings);
  expect(addressOf(settings)).toBe(text);
});

test('a restic repository takes its password and what its storage needs from the environment', () => {
  vi.stubEnv('RESTIC_PASSWORD', '');
  vi.stubEnv('RESTIC_PASSWORD_FILE', '/root/vault.txt');
  vi.stubEnv('B2_ACCOUNT_ID', 'id');
  expect(parseAddress('restic:b2:bucket:vault', 'there').shape).toMatchObject({
    restic: 'b2:bucket:vault',
    password: 'file:/root/vault.txt',
    environment: { B2_ACCOUNT_ID: 'env:B2_ACCOUNT_ID' },
  });
  vi.stubEnv('RESTIC_PASSWORD_FILE', '');
  expect(() => settingsOf('restic:/srv/vault')).toThrow('the password of restic:/srv/vault is not known');
});

test.each([
  ['s3://b', 'must be a bucket’s name'],
  ['s3://backups?colour=blue', 'colour is none of endpoint, region, forcePathStyle'],
  ['s3://backups?forcePathStyle=yes', 'forcePathStyle must be true or false'],
  ['s3://backups?endpoint=https://user:word@host', 'must be a URL'],
  ['rclone:nothing', 'must be REMOTE:PATH'],
  ['ftp://host/backups', 'it is of no kind that is known'],
])('%s is refused: %s', (text, why) => {
  expect(() => settingsOf(text)).toThrow(why);
});
