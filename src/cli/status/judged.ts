// The page with what is wrong on it: what --json answers, and what the exit code goes by.
import type { Config } from '../../config/config.js';
import type { DeploymentStatus, Status } from '../../operations/status/status.js';
import { deploymentFindings } from './deployment-findings.js';
import { isProblem, type StatusFinding } from './finding.js';
import { hostFindings } from './host-findings.js';

export interface JudgedDeployment extends DeploymentStatus {
  findings: StatusFinding[];
}

export interface JudgedStatus extends Omit<Status, 'deployments'> {
  /** Nothing is wrong. */
  ok: boolean;
  deployments: JudgedDeployment[];
  /** Of the host; a deployment has its own. */
  findings: StatusFinding[];
}

export const judged = (page: Status, { routines }: Pick<Config, 'routines'>): JudgedStatus => {
  const facts = { now: new Date(page.at), agent: page.agent };
  const deployments = page.deployments.map((one) => ({ ...one, findings: deploymentFindings(one, facts) }));
  const findings = hostFindings(page, routines);
  const all = [...findings, ...deployments.flatMap((one) => one.findings)];
  return { ok: !all.some(isProblem), ...page, deployments, findings };
};
