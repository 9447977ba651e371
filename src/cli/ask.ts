// The one question holdfast asks: the deployment's name, before anything of it is replaced.
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
