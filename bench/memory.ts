// The memory of the agent and of everything it started, watched through /proc; elsewhere than on Linux, nothing.
import { readdir, readFile } from 'node:fs/promises';

export const AGENT = 'the agent';

/** Peaks in bytes, by program; those of one name that run at the same time count together. */
export type Peaks = Map<string, number>;

export interface MemoryWatch {
  stop(): Promise<Peaks>;
}

const EVERY_MS = 200;

export const watchMemory = (agent: number): MemoryWatch => {
  const peaks: Peaks = new Map();
  let stopped = false;
  const watching = (async () => {
    while (!stopped) {
      for (const [name, bytes] of await sample(agent)) peaks.set(name, Math.max(bytes, peaks.get(name) ?? 0));
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  })();
  return {
    stop: async () => {
      stopped = true;
      await watching;
      return peaks;
    },
  };
};

interface ProcessFacts {
  pid: number;
  parent: number;
  name: string;
  bytes: number;
}

const sample = async (agent: number): Promise<Map<string, number>> => {
  const processes = await listProcesses();
  const family = new Set([agent]);
  for (let before = 0; before < family.size; ) {
    before = family.size;
    for (const { pid, parent } of processes) if (family.has(parent)) family.add(pid);
  }
  const sums = new Map<string, number>();
  for (const { pid, name, bytes } of processes) {
    const key = pid === agent ? AGENT : name;
    if (family.has(pid)) sums.set(key, (sums.get(key) ?? 0) + bytes);
  }
  return sums;
};

const listProcesses = async (): Promise<ProcessFacts[]> => {
  const names = await readdir('/proc').catch(() => []);
  const facts = await Promise.all(names.filter((name) => /^\d+$/.test(name)).map(factsOf));
  return facts.flatMap((each) => each ?? []);
};

const factsOf = async (pid: string): Promise<ProcessFacts | undefined> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const field = (key: string) => new RegExp(`^${key}:\\s+(\\S+)`, 'm').exec(status)?.[1];
  const [name, parent, kilobytes] = [field('Name'), field('PPid'), field('VmRSS')];
  if (name === undefined || parent === undefined || kilobytes === undefined) return undefined;
  return { pid: Number(pid), parent: Number(parent), name, bytes: Number(kilobytes) * 1024 };
};
