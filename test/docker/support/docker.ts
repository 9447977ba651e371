// The docker program, as a test uses it beside holdfast.
import { execa } from 'execa';

export type Docker = (...args: string[]) => Promise<string>;

/** Its stdout without the last newline; throws with its stderr. @param host as for DOCKER_HOST; otherwise the run's engine */
export const docker =
  (host?: string): Docker =>
  async (...args) =>
    (await execa('docker', args, host === undefined ? {} : { env: { DOCKER_HOST: host } })).stdout;
