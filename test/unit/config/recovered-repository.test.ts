import { expect, test } from 'vitest';
import { reachableShape, sameRepository } from '../../../src/config/recovered-repository.js';
import { parseAddress } from '../../../src/config/repository-address.js';
import { repositorySettings } from '../../../src/config/repository-settings.js';

const local = repositorySettings('local', { local: '/srv/backups' });
const usb = repositorySettings('usb', { local: '/mnt/usb' });
const S3 = { bucket: 'backups', partMiB: 64, accessKeyId: 'env:KEY', secretAccessKey: 'env:SECRET' };
const offsite = repositorySettings('offsite', { s3: S3 });
const at = (text: string) => parseAddress(text, 'recovered');

test('it is the one with the address, else the only one of its kind, else a new one', () => {
  expect(sameRepository([local, usb, offsite], at('/mnt/usb'))).toBe('usb');
  expect(sameRepository([local, offsite], at('/copy/of/it'))).toBe('local');
  expect(sameRepository([local, usb, offsite], at('/copy/of/it'))).toBe('recovered');
  expect(sameRepository([local], at('s3://backups'))).toBe('recovered');
});

test('with credentials that were sealed it stays as it was', () => {
  const place = at('s3://backups');
  expect(reachableShape('offsite', { before: { s3: S3 }, place, known: () => true })).toEqual({ s3: S3 });
});

test('without them it is reached as just now, and keeps its other settings', () => {
  const place = at('s3://backups');
  const known = (reference: string) => reference !== 'env:SECRET';
  expect(reachableShape('offsite', { before: { s3: S3 }, place, known })).toEqual({
    s3: { bucket: 'backups', partMiB: 64 },
  });
});

test('at another address it is what the address says', () => {
  const place = at('s3://renamed?region=eu');
  expect(reachableShape('offsite', { before: { s3: S3 }, place, known: () => true })).toEqual({
    s3: { bucket: 'renamed', region: 'eu' },
  });
});
