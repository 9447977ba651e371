// What a restore from a backup puts back, and what could make it fail.
import type { Config, Deployment } from '../../config/config.js';
import type { Manifest } from '../../domain/manifest.js';
import type { RestorePlan } from '../../domain/plans.js';
import type { RestoreRequest } from '../../domain/requests.js';
import { findProgram } from '../../tools/find-program.js';
import { applicationOf, versionLines } from '../backup/application.js';
import { neededArtifacts } from './artifacts-of.js';
import { asideFolders, replacesNothing } from './aside.js';
import { checkKey } from './check-key.js';
import { describeRestore, swapLines } from './describe-restore.js';
import { planInPlace, type Way } from './plan-in-place.js';
import type { RestoreSource } from './planned-source.js';
import { checkDatabases, checkTrees } from './restore-checks.js';
import { type Selection, selectionOf } from './restore-selection.js';
import { chooseSource, chosenBackup } from './restore-source.js';

export const planFromBackup = async ({
  request,
  config,
  deployment,
  applicationName,
  instance,
}: {
  request: RestoreRequest;
  config: Config;
  deployment: Deployment;
  applicationName: string;
  instance: string;
}): Promise<RestoreSource> => {
  const found = await chosenBackup(config, deployment, request);
  const { manifest, unsigned } = found;
  const selection = selectionOf(request, manifest, deployment);
  const chosen = {
    databases: selection.databases.map(({ name }) => name),
    trees: selection.trees.map(({ name }) => name),
  };
  const aside = await asideFolders(deployment, chosen.trees, manifest.id);
  const needed = neededArtifacts(manifest, chosen);
  const { settings, others, lines } = await chooseSource(found, needed);
  await findProgram('zstd');
  await checkKey(config, { manifest, settings }, needed);
  const way =
    request.mode === 'in-place'
      ? await planInPlace({ request, config, deployment, selection, applicationName, instance })
      : await planSwap({ deployment, selection, manifest, applicationName, chosen: { ...chosen, aside } });
  return {
    kind: 'restore',
    mode: request.mode,
    safety: way.safety,
    backup: manifest.id,
    repository: settings.name,
    others,
    ...chosen,
    aside,
    undoes: '',
    ...(unsigned === '' ? {} : { unsigned }),
    lines: [
      ...(unsigned === '' ? [] : [`${unsigned}: nobody vouches for what is in it, restored as asked`]),
      ...describeRestore(manifest, selection, { deployment, repository: settings.name, aside }),
      ...lines,
      ...way.lines,
      ...versionLines(manifest.application, await applicationOf(deployment)),
    ],
    basis: [
      manifest.id,
      request.repository,
      manifest.artifacts.map(({ sha256 }) => sha256),
      request.only,
      way.basis,
      aside,
      unsigned,
    ],
  };
};

const planSwap = async ({
  deployment,
  selection: { databases, trees },
  manifest,
  applicationName,
  chosen,
}: {
  deployment: Deployment;
  selection: Selection;
  manifest: Manifest;
  applicationName: string;
  chosen: Pick<RestorePlan, 'databases' | 'trees' | 'aside'>;
}): Promise<Way> => {
  if (databases.length > 0) await checkDatabases(deployment, databases, applicationName);
  if (trees.length > 0) await checkTrees(deployment, trees, manifest.artifacts);
  return { lines: replacesNothing(chosen) ? [] : swapLines(deployment), safety: '', basis: null };
};
