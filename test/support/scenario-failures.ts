// How a command failed, as people read it: the last `error:` and `hint:` of stderr, without the evidence between them.
import type { Ended } from './scenario-commands.js';

export interface Said {
  exit: number | string;
  error: string;
  hint: string;
}

/** Empty texts where it said nothing of the kind. */
export const failureOf = ({ exit, stderr }: Ended): Said => {
  const [, error = '', hint = ''] =
    /(?:^|\n)error: ((?:(?!error: )[^\n]*\n)+?)hint: ([\s\S]*?)\n$/.exec(stderr) ?? [];
  return { exit, error: error.replace(/^ {4}.*\n/gm, '').trimEnd(), hint };
};
