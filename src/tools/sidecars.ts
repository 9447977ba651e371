// Ends sidecars whose attempt is over: of one that was killed, the container runs on.
import { setTimeout as pause } from 'node:timers/promises';
import { type Effect, runEffect } from '../domain/effect.js';
import { docker } from './docker.js';
import { INSTANCE_LABEL, OPERATION_LABEL } from './sidecar.js';

const PATIENCE_MS = 10_000;

/** Those of one operation, or of all of an instance; returns when they are gone. */
export const removeSidecars = async (
  { instance, operation }: { instance: string; operation?: string },
  effect: Effect = runEffect,
): Promise<void> => {
  const labels = [
    `label=${INSTANCE_LABEL}=${instance}`,
    ...(operation === undefined ? [] : [`label=${OPERATION_LABEL}=${operation}`]),
  ];
  if ((await list(labels)).length > 0) await effect('remove the sidecars', () => removeAll(labels));
};

/** One that ends by itself meanwhile refuses, or is not there any more. */
const removeAll = async (labels: readonly string[]): Promise<void> => {
  for (const deadline = Date.now() + PATIENCE_MS; ; await pause(50)) {
    const ids = await list(labels);
    if (ids.length === 0) return;
    const removing = docker(['container', 'rm', '--force', '--volumes', ...ids]);
    if (Date.now() > deadline) await removing;
    else await removing.catch(() => undefined);
  }
};

/** Of an instance: the operations that have sidecars now. */
export const sidecarOperations = async (instance: string): Promise<string[]> => {
  const operation = `{{.Label "${OPERATION_LABEL}"}}`;
  const all = await containers([`label=${INSTANCE_LABEL}=${instance}`], ['--format', operation]);
  return [...new Set(all)];
};

const list = (labels: readonly string[]): Promise<string[]> => containers(labels, ['--quiet', '--no-trunc']);

const containers = async (labels: readonly string[], shown: readonly string[]): Promise<string[]> => {
  const filters = labels.map((label) => `--filter=${label}`);
  const listed = await docker(['container', 'ls', '--all', ...shown, ...filters]);
  return listed.split('\n').filter((line) => line !== '');
};
