// holdfast's own image, and the compose snippet that says how it is run.

import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { findTemporalCli } from '../../src/temporal/cli-binary.js';
import { upStack } from './stack.js';
import { agentImage } from './support/agent-image.js';
import { docker } from './support/docker.js';
import { createStackScenario } from './support/stack-scenario.js';

const SNIPPET = fileURLToPath(new URL('../../packaging/compose.yaml', import.meta.url));
const stack = await upStack();
const scenario = await createStackScenario(stack);
const image = await agentImage(`holdfast-test/agent:${stack.project}`);

afterAll(async () => {
  await image.remove();
  await scenario.remove();
  await stack.down();
});

/** Where an image is built without the network it holds none. */
const temporal = await findTemporalCli();
const socket = (process.env.DOCKER_HOST ?? '').replace('unix://', '');

/** As packaging/compose.yaml runs it: the host's network, its folders under their own paths, the socket. */
const inImage = (...args: string[]) => {
  const folders = [scenario.folder, stack.folder, dirname(dirname(stack.paths.uploads)), socket, temporal];
  const mounts = folders.flatMap((folder) => ['--volume', `${folder}:${folder}`]);
  const variables = [
    `DOCKER_HOST=unix://${socket}`,
    'DOCKER_CONFIG=/nowhere',
    `TEMPORAL_CLI_PATH=${temporal}`,
  ];
  const env = variables.flatMap((variable) => ['--env', variable]);
  return execa('docker', ['run', '--rm', '--network=host', ...mounts, ...env, image.tag, ...args], {
    reject: false,
  });
};

it('says what holdfast can do', async () => {
  const { exitCode, stdout } = await inImage('--help');
  expect({ exitCode, stdout }).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/restore.*\n/) });
});

it('has no build tools, no development packages and no other platform’s libraries', async () => {
  const script =
    'cd /opt/holdfast; ls node_modules node_modules/@temporalio/core-bridge/releases; command -v npm gcc make';
  const { stdout } = await execa('docker', ['run', '--rm', '--entrypoint', 'bash', image.tag, '-c', script], {
    reject: false,
  });
  expect(stdout).toMatch(/^pg$/m);
  expect(
    stdout.split('\n').filter((name) => /^(typescript|vitest|@biomejs|.*-darwin|\/.*)$/.test(name)),
  ).toEqual([]);
});

it('has the unit and the Compose service of which init makes its own', async () => {
  const look = ['run', '--rm', '--entrypoint', 'ls', image.tag, '/opt/holdfast/packaging'];
  expect((await docker()(...look)).split('\n')).toEqual(['compose.yaml', 'holdfast.service']);
});

it('finds an application in containers in order, from inside a container', async () => {
  const { exitCode, stdout } = await inImage('doctor', 'edms', '--json', '--config', scenario.config);
  const [answer] = JSON.parse(stdout);
  const wrong = answer.findings.filter(({ level }: { level: string }) => level === 'problem');
  expect({ exitCode, deployment: answer.deployment, wrong }).toEqual({
    exitCode: 0,
    deployment: 'edms',
    wrong: [],
  });
});

it('has its manual in a snippet that Docker Compose accepts and that mounts every folder under its own path', async () => {
  const printed = await docker()('compose', '--file', SNIPPET, 'config', '--format', 'json');
  const { agent } = JSON.parse(printed).services;
  expect(agent).toMatchObject({ image: 'holdfast', network_mode: 'host', restart: 'unless-stopped' });
  const written: string[] = parse(await readFile(SNIPPET, 'utf8')).services.agent.volumes;
  expect(agent.volumes).toHaveLength(written.length);
  for (const { source, target } of agent.volumes) expect(source).toBe(target);
});
