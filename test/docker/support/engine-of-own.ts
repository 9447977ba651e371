// An engine that a test may kill: this run's own one, or one made for the test where the run uses somebody's.
import { setTimeout as pause } from 'node:timers/promises';
import { dockerdPid, type Engine, engineIn, startDockerd } from '../engine/dockerd.js';
import { bringUp, takeDown } from '../engine/own-engine.js';
import { stackImage } from '../image/stack-image.js';

export interface EngineOfOwn {
  /** What DOCKER_HOST is. */
  host: string;
  /** SIGKILL: what it started goes on running without it. */
  kill(): Promise<void>;
  /** As after a reboot: whatever a killed one left is gone first. */
  restart(): Promise<void>;
  /** Takes down what was made for this test. */
  release(): Promise<void>;
}

/** It has the image of the stack. */
export const engineOfOwn = async (): Promise<EngineOfOwn> => {
  const ofRun = process.env.HOLDFAST_TEST_OWN_ENGINE;
  const engine = ofRun ? engineIn(ofRun) : await made();
  return {
    host: engine.host,
    kill: () => kill(engine),
    restart: () => startDockerd(engine),
    release: async () => {
      if (!ofRun) await takeDown(engine);
    },
  };
};

const made = async (): Promise<Engine> => {
  const engine = await bringUp();
  await stackImage({ DOCKER_HOST: engine.host });
  return engine;
};

const kill = async ({ folder }: Engine): Promise<void> => {
  const pid = await dockerdPid(folder);
  if (pid === null) throw new Error('the engine is not running');
  process.kill(pid, 'SIGKILL');
  while ((await dockerdPid(folder)) !== null) await pause(5);
};
