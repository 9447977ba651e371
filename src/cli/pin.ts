// holdfast pin, unpin: said to the log, since manifests never change. The agent signs it and brings it to the repositories.
import { findBackup } from '../catalog/catalog.js';
import { deploymentOf } from '../config/load.js';
import { runEffect } from '../domain/effect.js';
import { notePin } from '../operations/log/note-pin.js';
import { type CommonOptions, configOf } from './input.js';
import type { Output } from './output.js';

interface Named {
  deployment: string;
  /** An id, a unique start of one, `latest`. */
  id: string;
  pinned: boolean;
}

export const pin = async (
  { deployment, id, pinned }: Named,
  options: CommonOptions,
  output: Output,
): Promise<number> => {
  const config = await configOf(options);
  deploymentOf(config, deployment);
  const { id: backup } = await findBackup(config, { deployment, id });
  await notePin({ state: config.state, effect: runEffect }, { deployment, backup, pinned });
  if (output.json) output.answerJson({ deployment, backup, pinned });
  else output.answer(`${backup} is ${pinned ? 'kept until it is unpinned' : 'left to its tiers again'}`);
  return 0;
};
