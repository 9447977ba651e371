import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { loadConfig } from '../../../src/config/load.js';
import { configSchema } from '../../../src/config/schema.js';
import { problemsIn, writeConfig } from './holdfast-yaml.js';

const page = async () => await readFile(new URL('../../../docs/configuration.md', import.meta.url), 'utf8');
const example = async () => /```yaml\n(.*?)```/s.exec(await page())?.[1] ?? '';

test('the example of docs/configuration.md is accepted', async () => {
  const config = await loadConfig({ file: await writeConfig(await example()) });
  expect(Object.keys(config.deployments)).toEqual(['edms']);
});

test('the mistakes of docs/configuration.md are reported as it says', async () => {
  const wrong = (await example())
    .replace('name: edms', 'port: db\n      name: edms')
    .replace('file:/etc/holdfast/edms-password', 'hunter2')
    .replace('keepPrevious', 'keep_previous');
  const shown = /error: 3 problems in .*?:\n(.*?)\nhint: /s.exec(await page())?.[1];
  expect((await problemsIn(wrong)).join('\n')).toBe(shown);
});

test('docs/configuration.md has a row for every key', async () => {
  const documented = [...(await page()).matchAll(/^\| `(\w+)` \|/gm)].map(([, key]) => key);
  const deployment = configSchema.shape.deployments.valueType.shape;
  const database = deployment.database.unwrap().shape;
  const keys = [configSchema.shape, deployment, database].flatMap((shape) => Object.keys(shape));
  expect(documented).toEqual(keys.filter((key) => key !== 'url'));
});
