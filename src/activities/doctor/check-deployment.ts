// Looks at one area of a deployment, for doctor. Changes nothing.
import type { Config, Deployment } from '../../config/config.js';
import { deploymentOf } from '../../config/load.js';
import { type Area, type Finding, type Fitted, fitting, worstFirst } from '../../domain/findings.js';
import { lookingActivity } from '../attempt.js';
import type { Dependencies } from '../dependencies.js';
import { lookAtApplication } from './application.js';
import { backupSystemChecks } from './backup-system.js';
import { finding, lookInto, outcomeOf } from './check.js';
import { lookAtDisks } from './disks.js';
import { lookAtNotifiers } from './notify.js';
import { repositoryChecks } from './repositories.js';
import { requirementsOf } from './requirements.js';
import { lookAtSchedules } from './schedules.js';
import { lookAtSecurity } from './security.js';

/** A payload stays under 4 kB. */
const MOST_BYTES = 3_500;

export const checkDeployment = (dependencies: Dependencies) =>
  lookingActivity(
    dependencies,
    async (
      { deployment: name, area }: { deployment: string; area: Area },
      { signal },
    ): Promise<Fitted<Finding>> => {
      const config = await dependencies.loadConfig();
      const deployment = deploymentOf(config, name);
      const applicationName = `holdfast:${dependencies.instance}:doctor`;
      const found = await findingsIn(area, { config, deployment, applicationName, signal });
      return fitting(worstFirst(area === 'BACKUP_SYSTEM' ? [...found, ANSWERING] : found), MOST_BYTES);
    },
  );

const ANSWERING = finding(
  'BACKUP_SYSTEM',
  'ok',
  'Temporal answers and an agent serves this deployment: this run shows it',
);

export interface Look {
  config: Config;
  deployment: Deployment;
  /** What the sessions of it are called. */
  applicationName: string;
  signal: AbortSignal;
}

/** Never rejects but for its signal: what goes wrong is a finding. */
export const findingsIn = async (area: Area, look: Look): Promise<Finding[]> => {
  const { config, deployment, applicationName } = look;
  if (area === 'APPLICATION') return lookInto(area, () => lookAtApplication(look));
  if (area === 'SECURITY') return lookInto(area, () => lookAtSecurity(config, deployment, look.signal));
  const checks = [
    ...requirementsOf(config, deployment, applicationName),
    ...repositoryChecks(config, deployment),
    ...backupSystemChecks(config, deployment),
  ];
  const found = await Promise.all(checks.filter((check) => check.area === area).map(outcomeOf));
  const disks = area === 'STORAGE' ? await lookAtDisks(config, deployment, applicationName) : [];
  if (area !== 'BACKUP_SYSTEM') return [...found, ...disks];
  return [
    ...found,
    ...lookAtSchedules(config, deployment.name),
    ...(await lookAtNotifiers(config, deployment)),
  ];
};

/** The names of all that are configured, as many as a payload holds. */
export const listDeployments = (dependencies: Dependencies) =>
  lookingActivity(dependencies, async (_: { deployment: null }): Promise<string[]> => {
    const { deployments } = await dependencies.loadConfig();
    return Object.keys(deployments).slice(0, MOST_DEPLOYMENTS);
  });

/** A name is at most 41 characters long. */
const MOST_DEPLOYMENTS = 80;
