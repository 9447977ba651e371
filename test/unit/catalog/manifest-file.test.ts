import { expect, it } from 'vitest';
import {
  backupFolder,
  manifestBytes,
  manifestKey,
  parseManifest,
} from '../../../src/catalog/manifest-file.js';
import { sampleManifest } from '../cli/sample-manifest.js';

const { id, deployment } = sampleManifest;

it('gives a manifest back as it was written', () => {
  expect(parseManifest(manifestBytes(sampleManifest), deployment, id)).toEqual(sampleManifest);
});

it('gives the same manifest the same bytes, which end in a line', () => {
  const again = parseManifest(manifestBytes(sampleManifest), deployment, id);
  expect(manifestBytes(again)).toEqual(manifestBytes(sampleManifest));
  expect(manifestBytes(sampleManifest).toString()).toMatch(/^\{\n {2}"version": 1,[\s\S]*\}\n$/);
});

it('refuses every manifest that is cut anywhere', () => {
  const bytes = manifestBytes(sampleManifest);
  for (let length = 0; length < bytes.length - 2; length += 7) {
    const parse = () => parseManifest(bytes.subarray(0, length), deployment, id);
    expect(parse).toThrow(expect.objectContaining({ code: 'CORRUPT_MANIFEST' }));
  }
});

it('has one place for each backup', () => {
  expect(backupFolder('edms', id)).toBe(`edms/${id}`);
  expect(manifestKey('edms', id)).toBe(`edms/${id}/manifest.json`);
});
