// A Compose project of programs that do nothing but run: web depends on base and mounts a folder, slow takes its time to end.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { docker } from './docker.js';

const run = docker();

/** As the engine says it: `exited`. */
export const inspectedState = (container: string): Promise<string> =>
  run('container', 'inspect', '--format', '{{.State.Status}}', container);

const WEB = 'test -e /media/breaks && sleep 0.2 && echo "the port is taken" >&2 && exit 1; exec sleep 1000';
const SLOW = 'trap "sleep 2; exit 0" TERM; while :; do sleep 0.1; done';

/** It runs. @param services those to begin with; all of them if none is named */
export const smallProject = async (...services: string[]) => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-small-'));
  const name = basename(folder).toLowerCase();
  const media = join(folder, 'media');
  const file = join(folder, 'compose.json');
  await mkdir(media);
  await writeFile(file, JSON.stringify(composeFile(name)));
  const compose = (...args: string[]) => run('compose', '--file', file, ...args);
  await compose('up', '--detach', ...services);
  return {
    name,
    media,
    compose,
    bring,
    /** Waits until the engine has told of it. */
    saw: async (container: string, event: string): Promise<void> => {
      const filters = ['--filter', `container=${container}`, '--filter', `event=${event}`];
      while ((await run('events', '--since', '10m', '--until', '0s', ...filters)) === '') await pause(20);
    },
    remove: async (): Promise<void> => {
      const mine = ['--filter', `label=com.docker.compose.project=${name}`];
      const ids = (await run('ps', '--all', '--quiet', ...mine)).split('\n').filter((id) => id !== '');
      if (ids.length > 0) await run('rm', '--force', ...ids);
      await rm(folder, { recursive: true, force: true });
    },
  };
};

const bring = async (container: string, state: 'running' | 'paused' | 'stopped'): Promise<void> => {
  const now = await inspectedState(container);
  if (now === 'paused') await run('unpause', container);
  if (state === 'stopped') await (now === 'exited' ? undefined : run('kill', container));
  else await run('start', container);
  if (state === 'paused') await run('pause', container);
};

const composeFile = (name: string) => {
  const service = (command: string, more: object = {}) => ({
    image: process.env.STACK_IMAGE,
    pull_policy: 'never',
    entrypoint: ['bash', '-c', command],
    network_mode: 'none',
    stop_grace_period: '5s',
    ...more,
  });
  return {
    name,
    services: {
      base: service('exec sleep 1000', { init: true }),
      web: service(WEB, { init: true, volumes: ['./media:/media'], depends_on: ['base'] }),
      slow: service(SLOW),
    },
  };
};
