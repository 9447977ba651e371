import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { configJsonSchema } from '../../../src/config/json-schema.js';

test('the published JSON Schema is the one that validates: scripts/print-schema.ts prints it', async () => {
  const published: unknown = JSON.parse(
    await readFile(new URL('../../../holdfast.schema.json', import.meta.url), 'utf8'),
  );
  expect(published).toEqual(JSON.parse(JSON.stringify(configJsonSchema())));
});
