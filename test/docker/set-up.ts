// Before the first and after the last Docker test: an engine, `docker compose` and the image of the stack. On the engine
// that is there; otherwise, as root on Debian, on one of this run's own, of which nothing stays.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { composeIn } from './engine/compose-plugin.js';
import { foundEngine } from './engine/found-engine.js';
import { bringUp, takeDown } from './engine/own-engine.js';
import { type StackImage, stackImage } from './image/stack-image.js';

/** Tests find it all in the environment: DOCKER_HOST, DOCKER_CONFIG, STACK_IMAGE, HOLDFAST_TEST_OWN_ENGINE. */
export const setup = async (): Promise<() => Promise<void>> => {
  const startedAt = Date.now();
  const found = await foundEngine();
  const own = found === null ? await bringUp() : null;
  const host = found ?? own?.host ?? '';
  const settings = await mkdtemp(join(tmpdir(), 'holdfast-docker-config-'));
  let image: StackImage | null = null;
  const tearDown = async (): Promise<void> => {
    if (own !== null) await takeDown(own);
    else if (image?.made) await execa('docker', ['image', 'rm', image.tag], { reject: false });
    await rm(settings, { recursive: true });
  };
  try {
    Object.assign(process.env, { DOCKER_HOST: host, HOLDFAST_TEST_OWN_ENGINE: own?.folder ?? '' });
    Object.assign(process.env, await composeIn(settings));
    image = await stackImage({ DOCKER_HOST: host });
    process.env.STACK_IMAGE = image.tag;
  } catch (error) {
    await tearDown();
    throw error;
  }
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  process.stderr.write(
    `set-up: ${own ? 'an engine of our own' : `the engine at ${host}`}, ready in ${seconds} s\n`,
  );
  return tearDown;
};
