// How a rule is written: the words to look for, and the failure they mean.

import { Failure, type FailureOptions } from '../domain/failure.js';
import type { FailureCode } from '../domain/failure-codes.js';
import type { Ending } from './ending.js';

/** A program's words as a failure; null when they say something else. */
export type FailureRule = (ending: Ending) => Failure | null;

interface Meaning extends FailureOptions {
  code: FailureCode;
  /** `$1` … stand for the groups of the pattern. */
  message: string;
}

export const whenItSays =
  (pattern: RegExp, meaning: Meaning): FailureRule =>
  ({ words, tail }) => {
    const said = pattern.exec(words);
    if (said === null) return null;
    const message = meaning.message.replace(/\$(\d)/g, (_all, group: string) => said[Number(group)] ?? '');
    return new Failure(meaning.code, message, { ...meaning, evidence: tail });
  };

/** Holds for some programs only. */
export const only =
  (applies: (ending: Ending) => boolean, rules: readonly FailureRule[]): FailureRule =>
  (ending) => {
    if (!applies(ending)) return null;
    for (const rule of rules) {
      const failure = rule(ending);
      if (failure !== null) return failure;
    }
    return null;
  };
