// Programs that Go builds from published modules, checked against its public log of checksums; for images that no registry
// has to bring. Modules and compiled packages stay in Go's own caches.
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { isInstalled } from '../engine/install-engine.js';

export interface GoModule {
  path: string;
  /** `v1.32.0` */
  version: string;
}

/** Where its files are. */
export const moduleFolder = async ({ path, version }: GoModule): Promise<string> => {
  if (!isInstalled('go'))
    throw new Error('Go is needed to build the servers of the stack: https://go.dev/doc/install');
  const { stdout } = await execa('go', ['mod', 'download', '-json', `${path}@${version}`], { cwd: tmpdir() });
  return JSON.parse(stdout).Dir;
};

/** @param place where the program goes, under the name it has there */
export const buildProgram = async (
  { path, version }: GoModule,
  { command, place }: { command: string; place: string },
): Promise<void> => {
  const folder = await mkdtemp(`${place}.`);
  const args = ['install', '-ldflags=-s -w', `${path}/${command}@${version}`];
  await execa('go', args, { env: { GOBIN: folder } });
  await rename(join(folder, basename(command)), place);
  await rm(folder, { recursive: true });
};
