// holdfast's own image for a test: on the run's own engine it is built once, and goes away with the engine.
import { execa } from 'execa';
import { type BuiltImage, buildImage } from './built-image.js';

const ON_OWN_ENGINE = 'holdfast-test/agent:own';

/** @param name of the one that is made where the engine is somebody's */
export const agentImage = async (name: string): Promise<BuiltImage> => {
  if (!process.env.HOLDFAST_TEST_OWN_ENGINE) return buildImage(name);
  const known = await execa('docker', ['image', 'inspect', ON_OWN_ENGINE], { reject: false });
  if (known.failed) await buildImage(ON_OWN_ENGINE);
  return { tag: ON_OWN_ENGINE, remove: async () => undefined };
};
