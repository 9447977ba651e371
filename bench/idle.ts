// How much memory an agent takes that has nothing to do, beside the embedded server. Prints Markdown; Linux only.
// Usage: npm run bench:idle [-- --after 60]
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { serve } from '../demo/command-line.js';
import { inSandbox } from '../demo/sandbox.js';

const { values } = parseArgs({
  options: { after: { type: 'string', default: '60' }, folder: { type: 'string' } },
});

await inSandbox(values.folder, async (sandbox) => {
  const { folder } = sandbox;
  await mkdir(join(folder, 'storage'));
  const config = join(folder, 'holdfast.yaml');
  const text = `state: ${folder}/state
repositories: { local: { local: ${folder}/backups } }
deployments: { edms: { files: { storage: ${folder}/storage }, tiers: { daily: { keep: 7 }, weekly: { from: daily, keep: 4 } } } }
`;
  await writeFile(config, text, { mode: 0o600 });
  const { agentPid } = await serve({ sandbox, config });
  console.log(
    '| seconds after it was ready | resident, MB | its own share, MB | peak, MB |\n|---|---|---|---|',
  );
  for (const seconds of [0, Number(values.after) / 2, Number(values.after) / 2]) {
    await delay(seconds * 1000, undefined, { signal: sandbox.interrupted });
    console.log(`| ${seconds} more | ${await memoryOf(agentPid)} |`);
  }
});

/** Megabytes of a million bytes; shared pages count as often as they are shared, and by their part. */
async function memoryOf(pid: number): Promise<string> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const shares = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  const field = (text: string, key: string): string => {
    const kilobytes = Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(text)?.[1]);
    return ((kilobytes * 1024) / 1e6).toFixed(0);
  };
  return `${field(status, 'VmRSS')} | ${field(shares, 'Pss')} | ${field(status, 'VmHWM')}`;
}
