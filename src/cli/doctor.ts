// holdfast doctor: would a backup and a restore work? Starts nothing, changes nothing.
import { findingsIn } from '../activities/check-deployment.js';
import type { Config, Deployment } from '../config/config.js';
import { AREAS } from '../domain/findings.js';
import { checkAgent } from './check-agent.js';
import { type CommonOptions, configOf, deploymentsOf } from './input.js';
import type { Output } from './output.js';
import { type DeploymentFindings, findingsLines } from './render-findings.js';

/** Exit code 1 when a backup or a restore would not work. */
export const doctor = async (
  name: string | undefined,
  options: CommonOptions,
  output: Output,
): Promise<number> => {
  const config = await configOf(options);
  const agent = await checkAgent(config);
  const checked: DeploymentFindings[] = [];
  for (const deployment of deploymentsOf(config, name)) {
    const findings = [...(await everyFinding(config, deployment)), agent];
    const ok = findings.every(({ level }) => level !== 'problem');
    checked.push({ deployment: deployment.name, ok, findings });
  }
  if (output.json) output.answerJson(checked);
  else output.answer(checked.flatMap((one) => findingsLines(one, output.paintAnswer)).join('\n'));
  return checked.every(({ ok }) => ok) ? 0 : 1;
};

const everyFinding = async (config: Config, deployment: Deployment) => {
  const { signal } = new AbortController();
  const look = { config, deployment, applicationName: 'holdfast:doctor', signal };
  return (await Promise.all(AREAS.map((area) => findingsIn(area, look)))).flat();
};
