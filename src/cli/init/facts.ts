// What `holdfast init --json` answers.
import { toFillIn } from '../../operations/init/render-draft.js';
import type { DeploymentFindings } from '../render/findings.js';
import type { Written } from './written.js';

/** @param found null: it has to be filled in first */
export const initFacts = ({ draft, space, variable }: Written, found: DeploymentFindings | null) => ({
  config: draft.file,
  deployment: draft.deployment,
  database: draft.database,
  files: draft.folders,
  services: draft.services,
  repository: draft.repository,
  tiers: draft.tiers,
  encryption: draft.encryption,
  fillIn: toFillIn(draft).map(({ path }) => path),
  environment: variable === null ? null : { name: variable.name, file: variable.file },
  space,
  ready: found?.ok === true,
  findings: found?.findings ?? [],
});
