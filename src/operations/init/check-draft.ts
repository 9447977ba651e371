// A draft becomes a file only after holdfast's own parser has taken it.
import type { Config } from '../../config/config.js';
import { parseConfig } from '../../config/load.js';
import { asFailure, Failure } from '../../domain/failure.js';
import type { Draft } from './draft.js';
import { renderFilled } from './render-draft.js';

/** The configuration that the draft is. @throws CONFIG_INVALID with every problem, before anything is written */
export const checkDraft = async (draft: Draft): Promise<Config> => {
  try {
    return await parseConfig({ file: draft.file, text: renderFilled(draft) });
  } catch (thrown) {
    const failure = asFailure(thrown);
    if (failure.code !== 'CONFIG_INVALID') throw failure;
    throw new Failure('CONFIG_INVALID', failure.message, {
      hint: 'nothing was written; give other folders, another repository or another name (holdfast init --help)',
      cause: failure,
    });
  }
};
