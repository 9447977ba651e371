// How fast `prune` plans over ten thousand backups, and in how much memory: the first time, when every manifest and signature is
// read, and from the cache. Prints Markdown. Usage: npm run bench:prune [-- --backups 10000]
import { generateKeyPairSync } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { manifestBytes } from '../src/catalog/manifest-file.js';
import { SIGNATURE_NAME, signatureBytes } from '../src/catalog/signed-manifest.js';
import { publicKeyText, signed } from '../src/catalog/signing.js';
import { loadConfig } from '../src/config/load.js';
import { Failure } from '../src/domain/failure.js';
import { planPrune } from '../src/operations/prune/plan-prune.js';
import { sampleManifest } from '../test/unit/cli/sample-manifest.js';

const { values } = parseArgs({ options: { backups: { type: 'string', default: '10000' } } });
const count = Number(values.backups);
const HOUR_MS = 3_600_000;
const start = Date.parse('2026-11-01T00:00:00Z') - count * HOUR_MS;

const folder = await mkdtemp(join(tmpdir(), 'holdfast-bench-prune-'));
try {
  const config = await loadConfig({ file: await createBackups() });
  console.log(`| plan over ${count} backups | seconds | resident, MB | would go |\n|---|---|---|---|`);
  console.log(`| every manifest read | ${await measured()} |`);
  for (let times = 0; times < 3; times++) console.log(`| from the cache | ${await measured()} |`);

  async function measured(): Promise<string> {
    const begin = performance.now();
    let most = process.memoryUsage.rss();
    const timer = setInterval(() => {
      most = Math.max(most, process.memoryUsage.rss());
    }, 10);
    const now = new Date(start + count * HOUR_MS);
    const [plan] = await planPrune(config, { deployment: 'edms', dropTier: null, now });
    clearInterval(timer);
    most = Math.max(most, process.memoryUsage.rss());
    if (plan === undefined || plan.retention instanceof Failure) throw new Error('there is no plan');
    const { verdicts } = plan.retention;
    if (verdicts.length !== count) throw new Error(`${verdicts.length} were judged`);
    const going = verdicts.filter(({ keptBy }) => keptBy === null).length;
    return `${((performance.now() - begin) / 1000).toFixed(2)} | ${(most / 1e6).toFixed(0)} | ${going}`;
  }
} finally {
  await rm(folder, { recursive: true });
}

async function createBackups(): Promise<string> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const key = { privateKey, publicKey: publicKeyText(privateKey) };
  for (let hour = 0; hour < count; hour++) {
    const at = new Date(start + hour * HOUR_MS);
    const id = `${at.toISOString().replace(/[-:]/g, '').slice(0, 15)}Z-full-0001`;
    const place = join(folder, 'backups', 'edms', id);
    const times = { startedAt: at.toISOString(), scheduledFor: at.toISOString() };
    const bytes = manifestBytes({ ...sampleManifest, id, tiers: ['hourly'], ...times });
    await mkdir(place, { recursive: true });
    await writeFile(join(place, SIGNATURE_NAME), signatureBytes(signed(key, bytes)));
    await writeFile(join(place, 'manifest.json'), bytes);
  }
  const file = join(folder, 'holdfast.yaml');
  const text = `state: ${folder}/state
timezone: Europe/Zurich
trust: ["${key.publicKey}"]
repositories: { local: { local: ${folder}/backups } }
deployments:
  edms:
    files: { storage: ${folder}/storage }
    tiers:
      hourly: { keep: 48 }
      daily: { from: hourly, keep: 30 }
      weekly: { from: hourly, keep: 52 }
      monthly: { from: hourly, keep: all }
`;
  await writeFile(file, text, { mode: 0o600 });
  return file;
}
