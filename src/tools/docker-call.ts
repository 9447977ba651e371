// The docker program, which finds the engine as it does in a terminal: DOCKER_HOST, its contexts, the usual socket.
// What it says when it fails is in docker-failures.ts.
import { runProgram } from './process.js';

export interface DockerOptions {
  signal?: AbortSignal;
  timeoutMs?: number;
}

/**
 * stdout of one short call. A client that ends early does not end what it asked the engine for: look afterwards.
 * @throws DOCKER_UNREACHABLE, DOCKER_RIGHTS, TOOL_MISSING; UNKNOWN_SERVICE and UNKNOWN_VOLUME when the engine says so
 */
export const docker = async (args: readonly string[], options: DockerOptions = {}): Promise<string> =>
  (await runProgram({ program: 'docker', args }, options)).stdout;
