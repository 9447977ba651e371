import { delimiter } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { containerUsage } from '../../../src/tools/docker-engine.js';
import { unitUsage } from '../../../src/tools/unit-usage.js';
import { type WrittenProgram, writtenProgram } from '../../support/written-program.js';

let program: WrittenProgram | undefined;
afterEach(async () => {
  vi.unstubAllEnvs();
  await program?.remove();
});

const written = async (name: string, script: string): Promise<void> => {
  program = await writtenProgram(name);
  vi.stubEnv('PATH', [program.folder, process.env.PATH ?? ''].join(delimiter));
  await program.does(script);
};

test('what containers use is told as docker writes it, and how near they are to their limit', async () => {
  const line = (id: string, share: string) =>
    JSON.stringify({ ID: id, CPUPerc: '1.93%', MemUsage: '13.11MiB / 23.54GiB', MemPerc: share, PIDs: '2' });
  await written('docker', `cat <<'END'\n${line('a', '0.05%')}\n${line('b', '--')}\nEND`);
  expect(await containerUsage(['a', 'b'])).toEqual([
    { id: 'a', processor: '1.93%', memory: '13.11MiB / 23.54GiB', memoryShare: 0.0005 },
    { id: 'b', processor: '1.93%', memory: '13.11MiB / 23.54GiB', memoryShare: 0 },
  ]);
});

test('docker is not asked about no container', async () => {
  await written('docker', 'exit 1');
  expect(await containerUsage([])).toEqual([]);
});

test('what a unit uses is known as far as systemd accounts for it', async () => {
  await written('systemctl', `printf 'MemoryCurrent=52428800\\nCPUUsageNSec=12500000000\\n'`);
  expect(await unitUsage('edms.service')).toEqual({ memoryBytes: 52_428_800, processorSeconds: 12.5 });
  await program?.does(`printf 'MemoryCurrent=[not set]\\nCPUUsageNSec=18446744073709551615\\n'`);
  expect(await unitUsage('edms.service')).toEqual({ memoryBytes: null, processorSeconds: null });
});
