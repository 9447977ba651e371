// What a check is. One that a backup needs says one sentence, or throws what the backup would fail with.

import { asFailure } from '../../domain/failure.js';
import type { Area, Finding, FindingLevel } from '../../domain/findings.js';

export interface Check {
  area: Area;
  /** One sentence on what is well; throws a Failure otherwise. */
  run: () => Promise<string>;
}

/** Its outcome; never rejects. */
export const outcomeOf = async ({ area, run }: Check): Promise<Finding> => {
  try {
    return finding(area, 'ok', await run());
  } catch (error) {
    const { message, hint } = asFailure(error);
    return finding(area, 'problem', message, hint);
  }
};

/** What a look into one area finds; that it fails is a problem, too. */
export const lookInto = async (area: Area, look: () => Promise<Finding[]>): Promise<Finding[]> => {
  try {
    return await look();
  } catch (error) {
    const { message, hint } = asFailure(error);
    return [finding(area, 'problem', message, hint)];
  }
};

export const finding = (area: Area, level: FindingLevel, message: string, hint = ''): Finding => ({
  area,
  level,
  message,
  hint,
});
