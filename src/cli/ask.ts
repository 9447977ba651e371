// What holdfast asks: the deployment's name, before anything of it is replaced; and what to do where only a person can say.
import type { Output } from './output.js';

/** null: the question was broken off with Ctrl-C. */
export const askName = async (deployment: string, output: Output): Promise<string | null> => {
  output.draw([]);
  const { isCancel, text } = await import('@clack/prompts');
  const answer = await text({
    message: `This replaces what ${deployment} holds now, as planned above. Type ${deployment} to go on:`,
    output: process.stderr,
  });
  return isCancel(answer) ? null : (answer ?? '').trim();
};

/** Broken off with Ctrl-C it is kept: nothing more is changed. */
export const askKeep = async (output: Output): Promise<boolean> => {
  output.draw([]);
  const { isCancel, confirm } = await import('@clack/prompts');
  const answer = await confirm({
    message: 'The application is not healthy; it was not before the restore either. Keep what was restored?',
    active: 'keep',
    inactive: 'roll back',
    output: process.stderr,
  });
  return isCancel(answer) || answer;
};

/** What stands on the recovery sheet; null: the question was broken off. */
export const askFingerprint = async (output: Output): Promise<string | null> => {
  output.draw([]);
  const { isCancel, text } = await import('@clack/prompts');
  const answer = await text({
    message: 'Type the fingerprint of the signing key, as it stands on the recovery sheet:',
    output: process.stderr,
  });
  return isCancel(answer) ? null : (answer ?? '').trim();
};

/** Broken off with Ctrl-C it is a no. */
export const askYes = async (message: string, output: Output): Promise<boolean> => {
  output.draw([]);
  const { isCancel, confirm } = await import('@clack/prompts');
  const answer = await confirm({ message, initialValue: false, output: process.stderr });
  return !isCancel(answer) && answer;
};
