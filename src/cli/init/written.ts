// What `holdfast init` has written, and what it knows of it.
import type { FileVariable } from '../../operations/init/candidate.js';
import type { Draft } from '../../operations/init/draft.js';
import type { Space } from '../../operations/init/space.js';

export interface Written {
  draft: Draft;
  space: Space;
  /** What commands and `holdfast up` have to be given. */
  variable: FileVariable | null;
  /** Somebody is there, and wants to be asked. */
  asks: boolean;
}
