// What a dockerd leaves that was killed with -9: containerd, shims, port forwarders, the containers' processes, mounts,
// sockets. Without this it does not start again. Only what belongs to the engine in that folder is touched.
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

/** An environment variable of dockerd that all its helpers inherit; its value is the engine's folder. */
export const MARK = 'HOLDFAST_TEST_ENGINE';

export const sweep = async (folder: string): Promise<void> => {
  const containers = await readdir(join(folder, 'root', 'containers')).catch(() => []);
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) if (await belongs(pid, { folder, containers })) killNine(Number(pid));
  for (const path of (await mountsIn(folder)).reverse()) await execa('umount', ['--lazy', path]);
  const helper = join(folder, 'exec', 'containerd');
  const names = (await readdir(helper).catch(() => [])).filter((name) => /\.(sock|pid)/.test(name));
  for (const path of [
    join(folder, 'pid'),
    join(folder, 'd.sock'),
    ...names.map((name) => join(helper, name)),
  ])
    await rm(path, { force: true });
};

const belongs = async (
  pid: string,
  { folder, containers }: { folder: string; containers: string[] },
): Promise<boolean> => {
  const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
  if ((await read('environ')).split('\0').includes(`${MARK}=${folder}`)) return Number(pid) !== process.pid;
  const container = /\/docker[/-]([0-9a-f]{64})/.exec(await read('cgroup'))?.[1];
  return container !== undefined && containers.includes(container);
};

const killNine = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
};

const mountsIn = async (folder: string): Promise<string[]> =>
  (await readFile('/proc/self/mountinfo', 'utf8'))
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((path) => path.startsWith(`${folder}/`))
    .sort();
