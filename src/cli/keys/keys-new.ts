// holdfast keys new: a key that decrypts, in a file of its own; its public half is what holdfast.yaml names.
import { resolve } from 'node:path';
import { newAgeKey } from '../../tools/age-keygen.js';
import type { CommonOptions } from '../input.js';
import type { Output } from '../output.js';
import { writePrivateFile } from '../private-file.js';

export interface NewKeyOptions extends CommonOptions {
  output: string;
}

export const newKey = async ({ output: given }: NewKeyOptions, output: Output): Promise<number> => {
  const file = resolve(given);
  const { text, recipient } = await newAgeKey();
  await writePrivateFile(file, text);
  output.say(`the secret key is in ${file}; only you can read it`);
  output.say('holdfast.yaml:');
  output.say('  encryption:');
  output.say(`    recipients: [${recipient}]`);
  output.say(`    identity: file:${file}    # only where restores and drills run`);
  output.say('keep a copy of it away from this host: without it nobody opens what is encrypted to it');
  output.say('then print what a recovery needs: holdfast keys sheet');
  if (output.json) output.answerJson({ recipient, identity: file });
  else output.answer(recipient);
  return 0;
};
