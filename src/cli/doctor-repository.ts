// holdfast doctor --repository NAME: does this repository keep what every repository promises? Writes there, and removes it.
import type { Config } from '../config/config.js';
import { Failure } from '../domain/failure.js';
import type { Finding } from '../domain/findings.js';
import { openRepository } from '../repositories/open-repository.js';
import { proveRepository } from '../repositories/prove.js';
import type { DeploymentFindings } from './render/findings.js';

export interface RepositoryFindings extends Omit<DeploymentFindings, 'deployment'> {
  repository: string;
}

export const proofOf = async (config: Config, name: string): Promise<RepositoryFindings> => {
  const settings = Object.hasOwn(config.repositories, name) ? config.repositories[name] : undefined;
  if (settings === undefined) throw new Failure('INPUT_INVALID', `there is no repository ${name}`);
  const { signal } = new AbortController();
  const proofs = await proveRepository(openRepository(settings), signal);
  const findings = proofs.map((proof): Finding => ({ area: 'STORAGE', ...proof }));
  return { repository: name, ok: findings.every(({ level }) => level !== 'problem'), findings };
};
