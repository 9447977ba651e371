// What a draft's backups will cost in space, as far as that can be known before it is a file.
import type { Config } from '../../config/config.js';
import { deploymentOf } from '../../config/load.js';
import type { Draft } from '../../operations/init/draft.js';
import { toFillIn } from '../../operations/init/render-draft.js';
import { measureSpace, type Space } from '../../operations/init/space.js';

export const spaceOf = async (config: Config, draft: Draft): Promise<Space> => {
  const deployment = deploymentOf(config, draft.deployment);
  if (toFillIn(draft).length === 0) return measureSpace(deployment, draft);
  // What stands in a gap now is a sample: nobody is asked there.
  const space = await measureSpace({ ...deployment, databases: [] }, draft);
  return { ...space, databaseBytes: null, unknown: ['the database is not known yet', ...space.unknown] };
};
