// The programs that an engine of the tests' own needs, from Debian; none of them starts as a service.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

const INSTALL = fileURLToPath(new URL('../../../scripts/apt-install.sh', import.meta.url));
const PACKAGES = { dockerd: 'docker.io', docker: 'docker.io', iptables: 'iptables' };

/** Does nothing where all of them are there. */
export const installEngine = async (): Promise<void> => {
  const missing = Object.entries(PACKAGES).filter(([program]) => !isInstalled(program));
  await installPackages([...new Set(missing.map(([, name]) => name))]);
  // Newer Debians have the client in a package of its own.
  if (!isInstalled('docker')) await installPackages(['docker-cli']);
};

/** @throws with apt's own last words */
export const installPackages = async (packages: readonly string[]): Promise<void> => {
  if (packages.length === 0) return;
  if (!isInstalled('apt-get'))
    throw new Error(`the Docker tests need ${packages.join(', ')}: install them, or start a Docker engine`);
  process.stderr.write(`set-up: installing ${packages.join(' ')} with apt\n`);
  await execa('apt-get', ['update', '--quiet']);
  await execa('sh', [INSTALL, ...packages], { env: { DEBIAN_FRONTEND: 'noninteractive' } });
};

export const isInstalled = (program: string): boolean => {
  try {
    execFileSync('sh', ['-c', 'PATH=$PATH:/usr/sbin:/sbin command -v "$1"', 'which', program]);
    return true;
  } catch {
    return false;
  }
};
