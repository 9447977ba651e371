// holdfast doctor: would a backup and a restore work? Starts nothing, changes nothing; with --repository it tries one out.
import { findingsIn } from '../activities/doctor/check-deployment.js';
import type { Config, Deployment } from '../config/config.js';
import { Failure } from '../domain/failure.js';
import { AREAS, type Finding } from '../domain/findings.js';
import { checkAgent } from './check-agent.js';
import { tryNotifiers } from './doctor-notify.js';
import { proofOf } from './doctor-repository.js';
import { type CommonOptions, checkRepository, configOf, deploymentsOf } from './input.js';
import type { Output } from './output.js';
import { type DeploymentFindings, findingsLines } from './render/findings.js';

export interface DoctorOptions extends CommonOptions {
  repository?: string;
  notify?: true;
}

/** Exit code 1 when a backup or a restore would not work. */
export const doctor = async (
  name: string | undefined,
  options: DoctorOptions,
  output: Output,
): Promise<number> => {
  const config = await configOf(options);
  if (options.notify === true) return doctorNotify(config, { name, ...options }, output);
  if (options.repository !== undefined) return doctorRepository(config, name, options.repository, output);
  const checked = await checkDeployments(config, name);
  if (output.json) output.answerJson(checked);
  else output.answer(checked.flatMap((one) => findingsLines(one, output.paintAnswer)).join('\n'));
  return checked.every(({ ok }) => ok) ? 0 : 1;
};

/** What is found of every deployment, or of the one that was named. */
export const checkDeployments = async (
  config: Config,
  name: string | undefined,
): Promise<DeploymentFindings[]> => {
  const agent = await checkAgent(config);
  const checked: DeploymentFindings[] = [];
  for (const deployment of deploymentsOf(config, name)) {
    const findings = [...(await everyFinding(config, deployment)), agent];
    const ok = findings.every(({ level }) => level !== 'problem');
    checked.push({ deployment: deployment.name, ok, findings });
  }
  return checked;
};

const doctorRepository = async (
  config: Config,
  deployment: string | undefined,
  repository: string,
  output: Output,
): Promise<number> => {
  if (deployment !== undefined)
    throw new Failure('INPUT_INVALID', 'give either a deployment or --repository', {
      hint: `holdfast doctor --repository ${repository}`,
    });
  checkRepository(config, repository);
  const proof = await proofOf(config, repository);
  if (output.json) output.answerJson(proof);
  else
    output.answer(
      findingsLines({ ...proof, deployment: `repository ${repository}` }, output.paintAnswer).join('\n'),
    );
  return proof.ok ? 0 : 1;
};

const doctorNotify = async (
  config: Config,
  { name, repository }: { name: string | undefined; repository?: string },
  output: Output,
): Promise<number> => {
  if (name !== undefined || repository !== undefined)
    throw new Failure('INPUT_INVALID', 'give --notify alone: it is about no deployment and no repository', {
      hint: 'holdfast doctor --notify',
    });
  const notifiers = await tryNotifiers(config);
  const ok = notifiers.every(({ level }) => level === 'ok');
  const findings = notifiers.map((one): Finding => ({ area: 'BACKUP_SYSTEM', ...one }));
  if (output.json) output.answerJson({ ok, notifiers });
  else output.answer(findingsLines({ deployment: 'notify', ok, findings }, output.paintAnswer).join('\n'));
  return ok ? 0 : 1;
};

const everyFinding = async (config: Config, deployment: Deployment) => {
  const { signal } = new AbortController();
  const look = { config, deployment, applicationName: 'holdfast:doctor', signal };
  return (await Promise.all(AREAS.map((area) => findingsIn(area, look)))).flat();
};
