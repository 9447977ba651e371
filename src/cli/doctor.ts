// holdfast doctor: would a backup and a restore work? Starts nothing, changes nothing.
import { checkDeployment } from '../activities/check-deployment.js';
import { checkAgent } from './check-agent.js';
import { type CommonOptions, configOf, deploymentsOf } from './input.js';
import type { Output } from './output.js';
import { type DeploymentFindings, findingsLines } from './render-findings.js';

/** Exit code 1 when anything would not work. */
export const doctor = async (
  name: string | undefined,
  options: CommonOptions,
  output: Output,
): Promise<number> => {
  const config = await configOf(options);
  const agent = await checkAgent(config);
  const checked: DeploymentFindings[] = [];
  for (const deployment of deploymentsOf(config, name)) {
    const findings = [...(await checkDeployment(config, deployment)), agent];
    checked.push({ deployment: deployment.name, ok: findings.every(({ ok }) => ok), findings });
  }
  if (output.json) output.answerJson(checked);
  else output.answer(checked.flatMap((one) => findingsLines(one, output.paintAnswer)).join('\n'));
  return checked.every(({ ok }) => ok) ? 0 : 1;
};
