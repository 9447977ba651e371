// What doctor found, by area.
import type { Finding } from '../activities/check-deployment.js';
import type { Paint } from './paint.js';

export interface DeploymentFindings {
  deployment: string;
  ok: boolean;
  findings: Finding[];
}

const AREAS: Finding['area'][] = ['DATABASE', 'STORAGE', 'BACKUP_SYSTEM', 'SECURITY'];

export const findingsLines = ({ deployment, ok, findings }: DeploymentFindings, paint: Paint): string[] => [
  paint('bold', `${deployment}: ${ok ? 'ready' : 'not ready'}`),
  ...AREAS.flatMap((area) => areaLines(area, findings, paint)),
];

const areaLines = (area: Finding['area'], findings: readonly Finding[], paint: Paint): string[] => {
  const here = findings.filter((finding) => finding.area === area);
  return here.length === 0 ? [] : [`  ${area}`, ...here.flatMap((finding) => findingLines(finding, paint))];
};

const findingLines = ({ ok, message, hint }: Finding, paint: Paint): string[] => [
  `    ${ok ? paint('green', 'ok ') : paint('red', 'bad')}  ${message}`,
  ...(hint === '' ? [] : [`         ${paint('yellow', 'hint:')} ${hint}`]),
];
