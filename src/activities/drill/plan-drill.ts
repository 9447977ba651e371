// Plans a drill: what is restored from where, and everything that could make it fail. Changes nothing.
import { randomBytes } from 'node:crypto';
import { backupFolder } from '../../catalog/manifest-file.js';
import type { Deployment, RepositorySettings } from '../../config/config.js';
import { deploymentOf } from '../../config/load.js';
import type { DrillRequest } from '../../domain/drills.js';
import { Failure } from '../../domain/failure.js';
import { isEncrypted, type Manifest } from '../../domain/manifest.js';
import type { DrillPlan, RunIdentity } from '../../domain/plans.js';
import { shortRecipients } from '../../domain/recipients.js';
import { folderForKeys } from '../../operations/identity.js';
import { requireKey } from '../../operations/try-key.js';
import { openRepository } from '../../repositories/open-repository.js';
import { lookingActivity } from '../attempt.js';
import type { Dependencies } from '../dependencies.js';
import { lookAtServer, requirePrograms, requireRoomFor } from '../doctor/drill-checks.js';
import { neededArtifacts } from '../restore/artifacts-of.js';
import { requireFree } from '../restore/plan-restore.js';
import { chooseSource, chosenBackup } from '../restore/restore-source.js';

export const planDrill = (dependencies: Dependencies) =>
  lookingActivity(
    dependencies,
    async ({ request, run }: { request: DrillRequest; run: RunIdentity }, { signal }): Promise<DrillPlan> => {
      const config = await dependencies.loadConfig();
      const deployment = deploymentOf(config, request.deployment);
      await requireFree(dependencies, request.deployment);
      const found = await chosenBackup(config, deployment, request);
      const { manifest, unsigned } = found;
      const databases = manifest.databases.map(({ name }) => name);
      const trees = manifest.trees.map(({ name }) => name);
      const needed = neededArtifacts(manifest, { databases, trees });
      const { settings, others, lines } = await chooseSource(found, needed);
      await requirePrograms(manifest);
      await requireKey(
        {
          manifest,
          repository: openRepository(settings),
          folder: backupFolder(deployment.name, manifest.id),
        },
        needed,
        { encryption: config.encryption, folder: await folderForKeys(dependencies.state), signal },
      );
      const applicationName = `holdfast:${dependencies.instance}:plan`;
      const { withoutOwners, dataFolder } = await lookAtServer(deployment, manifest, applicationName);
      await requireRoomFor({ config, settings, manifest, needed, dataFolder });
      return {
        deployment: deployment.name,
        operation: randomBytes(5).toString('hex'),
        instance: dependencies.instance,
        run,
        configuration: deployment.digest,
        backup: manifest.id,
        repository: settings.name,
        others,
        ...(unsigned === '' ? {} : { unsigned }),
        databases,
        trees,
        rawBytes: needed.reduce((sum, { rawBytes, bytes }) => sum + (rawBytes ?? bytes), 0),
        elsewhere: (deployment.drill?.server ?? null) !== null,
        withoutOwners,
        opened: needed.some(isEncrypted) ? shortRecipients(manifest.recipients) : '',
        lines: [...describe(manifest, deployment, settings), ...lines],
      };
    },
  );

const describe = (manifest: Manifest, { drill }: Deployment, { name }: RepositorySettings): string[] => {
  if (manifest.databases.length + manifest.trees.length === 0)
    throw new Failure('CORRUPT_MANIFEST', `the manifest of ${manifest.id} describes nothing to restore`);
  const server = (drill?.server ?? null) === null ? 'the deployment’s own server' : 'the drill’s server';
  return [
    `backup ${manifest.id}, from repository ${name}`,
    ...manifest.databases.map((facts) => `database ${facts.name}, on ${server}`),
    ...manifest.trees.map((tree) => `files ${tree.name}: ${tree.files} files`),
    'restored beside everything, compared, and dropped again; the live data is not touched',
  ];
};
