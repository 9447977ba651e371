// The first start of an agent whose Temporal is not there yet. A small program stands in for the agent.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { keepAgent } from '../../src/temporal/keep-agent.js';

/** @param finds from which start on it finds its Temporal */
const agentThat = async ({ finds }: { finds: number }) => {
  const state = await mkdtemp(join(tmpdir(), 'holdfast-keep-'));
  onTestFinished(() => rm(state, { recursive: true }));
  const program = join(state, 'agent.mjs');
  const starts = join(state, 'starts');
  await writeFile(
    program,
    `import { appendFileSync, readFileSync } from 'node:fs';
    appendFileSync(${JSON.stringify(starts)}, 'x');
    if (readFileSync(${JSON.stringify(starts)}).length < ${finds}) {
      process.stderr.write('error: no Temporal answers\\nhint: wait\\n');
      process.exit(9);
    }
    process.stdin.on('end', () => process.exit(0)).resume();
    process.on('SIGTERM', () => process.exit(0));
    console.log('ready');`,
  );
  const stop = new AbortController();
  const said: string[] = [];
  return {
    stop,
    said,
    keep: (serverIsKept: boolean, say: (line: string) => void = (line) => said.push(line)) => {
      const config = { file: join(state, 'holdfast.yaml'), state };
      return keepAgent({ config, program, say, stop: stop.signal, serverIsKept });
    },
    starts: async () => (await readFile(starts, 'utf8')).length,
  };
};

test('it is started again where somebody keeps the server, a few times', async () => {
  const soon = await agentThat({ finds: 3 });
  const kept = await soon.keep(true);
  await kept.stop();
  expect(await soon.starts()).toBe(3);
  const again = 'the agent did not start: no Temporal answers; starting it again';
  expect(soon.said).toEqual([again, again, expect.stringMatching(/^agent ready/)]);
  const never = await agentThat({ finds: 100 });
  await expect(never.keep(true)).rejects.toMatchObject({ code: 'TEMPORAL_UNREACHABLE' });
  expect(await never.starts()).toBe(5);
}, 30_000);

test('it is started once where nobody does', async () => {
  const agent = await agentThat({ finds: 2 });
  await expect(agent.keep(false)).rejects.toMatchObject({ message: 'no Temporal answers' });
  expect(await agent.starts()).toBe(1);
});

test('whoever tells it to stop in between starts no other one', async () => {
  const agent = await agentThat({ finds: 2 });
  await expect(agent.keep(true, () => agent.stop.abort())).rejects.toThrow();
  expect(await agent.starts()).toBe(1);
});
