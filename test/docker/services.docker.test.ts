// Services that are containers, on a real engine.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ServiceSettings } from '../../src/config/service-settings.js';
import { runEffect } from '../../src/domain/effect.js';
import { putBackAll, stateOf, stopAll, type UnitState, unitsOf } from '../../src/services/service.js';
import { docker } from '../../src/tools/docker.js';
import { serviceSuite } from '../contract/service-suite.js';
import { inspectedState, smallProject } from './support/small-project.js';

const compose = (project: string, ...services: string[]): ServiceSettings => ({
  kind: 'compose',
  project,
  services,
  duringBackup: 'keep',
});

const named = (name: string): ServiceSettings => ({ kind: 'container', name, duringBackup: 'keep' });

const STATES: readonly UnitState[] = ['running', 'paused', 'stopped'];

/** One project for all of both suites: each story brings its container to the state that it begins with. */
let shared: Awaited<ReturnType<typeof smallProject>> | null = null;
afterAll(() => shared?.remove());

const underTest = async (of: (project: string) => [known: ServiceSettings, unknown: ServiceSettings]) => {
  shared ??= await smallProject('web');
  const project = shared;
  const [settings, unknown] = of(project.name);
  const web = `${project.name}-web-1`;
  const breaks = join(project.media, 'breaks');
  return {
    settings,
    unknown,
    bring: (state: UnitState) => project.bring(web, state),
    state: async () => STATES_OF_DOCKER[await inspectedState(web)] ?? 'stopped',
    breakIt: async () => {
      await writeFile(breaks, '');
      return 'the port is taken';
    },
    remove: () => rm(breaks, { force: true }),
  };
};

const STATES_OF_DOCKER: Readonly<Record<string, UnitState>> = { running: 'running', paused: 'paused' };

serviceSuite('Compose', { states: STATES }, () =>
  underTest((project) => [compose(project, 'web'), compose(project, 'wep')]),
);

serviceSuite('container', { states: STATES }, () =>
  underTest((project) => [named(`${project}-web-1`), named(`${project}-none`)]),
);

describe('containers', () => {
  let project: Awaited<ReturnType<typeof smallProject>>;
  beforeEach(async () => {
    project = await smallProject('web');
  });
  afterEach(() => project.remove());
  const web = () => `${project.name}-web-1`;

  it('a container that was recreated under a new id is put back by its service', async () => {
    const units = await unitsOf([compose(project.name, 'web')]);
    await stopAll(units, runEffect);
    await project.compose('up', '--no-start', '--no-deps', '--force-recreate', 'web');
    const [recreated] = await unitsOf([compose(project.name, 'web')]);
    expect(recreated).toMatchObject({ state: 'stopped', name: web() });
    expect(recreated).not.toMatchObject({ id: units[0]?.kind === 'container' && units[0].id });
    await putBackAll(units, runEffect);
    expect(await inspectedState(web())).toBe('running');
  });

  it('a container that is gone is named with the command that creates it', async () => {
    const units = await unitsOf([compose(project.name, 'web')]);
    await docker(['container', 'rm', '--force', web()]);
    expect(await Promise.all(units.map(stateOf))).toEqual(['stopped']);
    await expect(putBackAll(units, runEffect)).rejects.toMatchObject({
      code: 'UNKNOWN_SERVICE',
      message: `the container of compose ${project.name}/web is gone`,
      hint: expect.stringContaining(`docker compose --project-name ${project.name} up`),
    });
  });

  it('starting one starts nothing that it depends on', async () => {
    await docker(['container', 'stop', `${project.name}-base-1`]);
    const units = await unitsOf([compose(project.name, 'web')]);
    await stopAll(units, runEffect);
    await putBackAll(units, runEffect);
    expect(await inspectedState(`${project.name}-base-1`)).toBe('exited');
    expect(await inspectedState(web())).toBe('running');
  });

  it('every container of a service is a unit, and what `compose run` started is none', async () => {
    await project.compose('up', '--detach', '--scale', 'web=2', '--no-recreate', 'web');
    await project.compose('run', '--detach', '--no-deps', 'web', 'sleep', '1000');
    const units = await unitsOf([compose(project.name, 'web')]);
    expect(units.map(({ label }) => label)).toEqual([
      `compose ${project.name}/web 1`,
      `compose ${project.name}/web 2`,
    ]);
    await docker(['container', 'stop', `${project.name}-web-2`]);
    const half = await unitsOf([compose(project.name, 'web')]);
    await stopAll(half, runEffect);
    await putBackAll(half, runEffect);
    expect(await inspectedState(`${project.name}-web-1`)).toBe('running');
    expect(await inspectedState(`${project.name}-web-2`)).toBe('exited');
  });

  it('one that is being stopped by somebody who is gone is waited for, and started', async () => {
    await project.compose('up', '--detach', 'slow');
    const units = await unitsOf([compose(project.name, 'slow')]);
    const slow = `${project.name}-slow-1`;
    const stopping = docker(['container', 'stop', slow]);
    await project.saw(slow, 'kill');
    await putBackAll(units, runEffect);
    await stopping;
    expect(await inspectedState(slow)).toBe('running');
  });

  it('a missing bind source is refused before anything is stopped, and before it would be made an empty folder', async () => {
    const units = await unitsOf([compose(project.name, 'web')]);
    await stopAll(units, runEffect);
    await rm(project.media, { recursive: true });
    await expect(putBackAll(units, runEffect)).rejects.toMatchObject({
      code: 'SERVICE_FAILED',
      message: `compose ${project.name}/web mounts ${project.media}, which is not there`,
      retryable: false,
    });
    expect(await inspectedState(web())).toBe('exited');
    await mkdir(project.media);
    await putBackAll(units, runEffect);
    await rm(project.media, { recursive: true });
    await expect(unitsOf([compose(project.name, 'web')])).rejects.toMatchObject({ code: 'SERVICE_FAILED' });
    expect(await inspectedState(web())).toBe('running');
  });

  it('what is not there is named beside what is', async () => {
    await expect(unitsOf([compose(project.name, 'wep')])).rejects.toMatchObject({
      message: `there is no service wep in the Compose project ${project.name}; did you mean web?`,
    });
    const mistyped = project.name.replace('holdfast', 'holdfats');
    await expect(unitsOf([compose(mistyped, 'web')])).rejects.toMatchObject({
      message: `there is no Compose project ${mistyped}; did you mean ${project.name}?`,
    });
  });

  it('without an engine nothing is touched, and the next step is said', async () => {
    vi.stubEnv('DOCKER_HOST', `unix://${project.media}/none.sock`);
    try {
      await expect(unitsOf([compose(project.name, 'web')])).rejects.toMatchObject({
        code: 'DOCKER_UNREACHABLE',
        hint: expect.stringContaining('docker info'),
      });
    } finally {
      vi.unstubAllEnvs();
    }
  });
});
