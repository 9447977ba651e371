// The key, if one is wanted, and then the configuration: each whole or not at all, neither over another file.
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { resolveIdentity } from '../../config/identity.js';
import { statusOf } from '../../files/status.js';
import { checkDraft } from '../../operations/init/check-draft.js';
import type { Draft } from '../../operations/init/draft.js';
import { renderDraft } from '../../operations/init/render-draft.js';
import type { Space } from '../../operations/init/space.js';
import { type AgeKey, ageRecipientIn, newAgeKey } from '../../tools/age-keygen.js';
import { runForSecret } from '../../tools/run-for-secret.js';
import type { Output } from '../output.js';
import { writePrivateFile } from '../private-file.js';
import { keptSentence } from '../render/init.js';
import type { Decisions } from './decisions.js';

/** Gives what was written of a draft that was checked. Where it cannot be, a new key goes again: nothing is encrypted to it. */
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
  const before = await statusOf(key);
  const { recipient, text } = before === null ? await newAgeKey() : await keyIn(key);
  const encrypted = { ...draft, encryption: { recipient, identity: `file:${key}` } };
  await checkDraft(encrypted);
  if (before === null) await writePrivateFile(key, text);
  try {
    await write(encrypted, space, output);
  } catch (error) {
    if (before === null) await rm(key, { force: true });
    throw error;
  }
  if (before !== null) output.say(`${key} was there already: backups are encrypted to that key`);
  output.say(`the secret key is in ${key}: keep a copy of it away from this host`);
  return encrypted;
};

/** What an init that was killed has left, or another configuration of this folder uses. @throws CONFIG_INVALID */
const keyIn = async (file: string): Promise<AgeKey> => {
  const text = await resolveIdentity(`file:${file}`, { path: 'encryption.identity', run: runForSecret });
  return { text, recipient: await ageRecipientIn(file) };
};

const write = async (draft: Draft, space: Space, output: Output): Promise<void> => {
  await writePrivateFile(draft.file, renderDraft(draft, keptSentence(space)));
  output.say(`wrote ${draft.file}`);
};
