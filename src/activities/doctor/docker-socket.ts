// Who may use the Docker engine is root on its host. Looked at only where a deployment needs Docker.
import { stat } from 'node:fs/promises';
import type { Deployment } from '../../config/config.js';
import type { Finding } from '../../domain/findings.js';
import { engineAddress } from '../../tools/docker-engine.js';
import { finding } from './check.js';

const AREA = 'SECURITY';

/** An engine that does not answer is said where it is needed. */
export const lookAtEngine = async (deployment: Deployment): Promise<Finding[]> => {
  if (!usesDocker(deployment)) return [];
  const address = await engineAddress().catch(() => null);
  return address === null ? [] : accessTo(address);
};

const usesDocker = ({ services, databases, trees, health }: Deployment): boolean =>
  services.some(({ kind }) => kind === 'compose' || kind === 'container') ||
  databases.some(({ container }) => container !== undefined) ||
  trees.some(({ volume }) => volume !== undefined) ||
  health.checks.some(({ kind }) => kind === 'container');

const accessTo = async (address: string): Promise<Finding[]> => {
  const socket = /^unix:\/\/(.*)$/.exec(address)?.[1];
  if (socket !== undefined) return lookAtSocket(socket);
  if (!address.startsWith('tcp://')) return [];
  return [
    finding(
      AREA,
      'warning',
      `the Docker engine is reached over the network, at ${address}: whoever reaches it is root there`,
      'use its socket, or see that it asks for TLS certificates',
    ),
  ];
};

const lookAtSocket = async (socket: string): Promise<Finding[]> => {
  const there = await stat(socket).catch(() => null);
  if (there === null) return [];
  if ((there.mode & 0o002) === 0)
    return [finding(AREA, 'ok', `the Docker engine’s socket ${socket} is closed to others`)];
  return [
    finding(
      AREA,
      'problem',
      `every user of this host can use the Docker engine’s socket ${socket}, and is root by that`,
      `chmod o-rwx ${socket}`,
    ),
  ];
};
