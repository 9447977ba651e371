// How fast ten thousand backups are listed: the first time, when every manifest is read, and from the cache. Prints Markdown.
// Usage: npm run bench:list [-- --backups 10000]
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { listBackups } from '../src/catalog/catalog.js';
import { manifestBytes } from '../src/catalog/manifest-file.js';
import { loadConfig } from '../src/config/load.js';
import { sampleManifest } from '../test/unit/cli/sample-manifest.js';

const { values } = parseArgs({ options: { backups: { type: 'string', default: '10000' } } });
const count = Number(values.backups);

const folder = await mkdtemp(join(tmpdir(), 'holdfast-bench-list-'));
try {
  const config = await loadConfig({ file: await createBackups() });
  console.log(`| ${count} backups | seconds | of a processor |\n|---|---|---|`);
  console.log(`| every manifest read | ${await measured()} |`);
  for (let times = 0; times < 3; times++) console.log(`| from the cache | ${await measured()} |`);

  async function measured(): Promise<string> {
    const begin = performance.now();
    const before = process.cpuUsage();
    const listed = await listBackups(config);
    if (listed.length !== count) throw new Error(`${listed.length} were listed`);
    const { user, system } = process.cpuUsage(before);
    return `${((performance.now() - begin) / 1000).toFixed(2)} | ${((user + system) / 1e6).toFixed(2)}`;
  }
} finally {
  await rm(folder, { recursive: true });
}

async function createBackups(): Promise<string> {
  const start = Date.parse('2016-01-01T02:00:00Z');
  for (let night = 0; night < count; night++) {
    const at = new Date(start + night * 3_600_000).toISOString().replace(/[-:]/g, '').slice(0, 15);
    const id = `${at}Z-full-0001`;
    const place = join(folder, 'backups', 'edms', id);
    await mkdir(place, { recursive: true });
    for (const name of ['database.main.dump.zst', 'files.storage.tar.zst', 'globals.sql.zst', 'RESTORE.md'])
      await writeFile(join(place, name), '');
    await writeFile(join(place, 'manifest.json'), manifestBytes({ ...sampleManifest, id }));
  }
  const file = join(folder, 'holdfast.yaml');
  const text = `state: ${folder}/state
repositories: { local: { local: ${folder}/backups } }
deployments: { edms: { files: { storage: ${folder}/storage } } }
`;
  await writeFile(file, text, { mode: 0o600 });
  return file;
}
