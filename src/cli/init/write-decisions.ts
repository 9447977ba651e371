// The key, if one is wanted, and then the configuration: each whole or not at all, neither over another file.
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { checkDraft } from '../../operations/init/check-draft.js';
import type { Draft } from '../../operations/init/draft.js';
import { renderDraft } from '../../operations/init/render-draft.js';
import type { Space } from '../../operations/init/space.js';
import { newAgeKey } from '../../tools/age-keygen.js';
import type { Output } from '../output.js';
import { writePrivateFile } from '../private-file.js';
import { keptSentence } from '../render/init.js';
import type { Decisions } from './decisions.js';

/** Gives what was written of a draft that was checked. Where it cannot be, the key goes again: nothing is encrypted to it. */
export const writeDecisions = async (
  { draft, encrypt }: Decisions,
  space: Space,
  output: Output,
): Promise<Draft> => {
  if (!encrypt) {
    await write(draft, space, output);
    return draft;
  }
  const key = join(dirname(draft.file), 'holdfast-key.txt');
  const { text, recipient } = await newAgeKey();
  const encrypted = { ...draft, encryption: { recipient, identity: `file:${key}` } };
  await checkDraft(encrypted);
  await writePrivateFile(key, text);
  try {
    await write(encrypted, space, output);
  } catch (error) {
    await rm(key, { force: true });
    throw error;
  }
  output.say(`the secret key is in ${key}: keep a copy of it away from this host`);
  return encrypted;
};

const write = async (draft: Draft, space: Space, output: Output): Promise<void> => {
  await writePrivateFile(draft.file, renderDraft(draft, keptSentence(space)));
  output.say(`wrote ${draft.file}`);
};
