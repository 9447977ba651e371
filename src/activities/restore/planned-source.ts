// The part of a restore's plan that says what is put back, and where it comes from.
import type { RestorePlan } from '../../domain/plans.js';

/** What a restore and an undo differ in. */
export type RestoreSource = Pick<
  RestorePlan,
  | 'kind'
  | 'mode'
  | 'safety'
  | 'backup'
  | 'repository'
  | 'others'
  | 'databases'
  | 'trees'
  | 'aside'
  | 'undoes'
  | 'unsigned'
  | 'lines'
> & {
  /** Everything that was looked at and must not change between approval and restore. */
  basis: unknown;
};
