// What an operation record holds of a swap.
import type { DatabaseSwap } from '../database/swap.js';
import type { TreeSwap } from '../files/tree-swap.js';

/** What a swap changes from and to. Databases and trees that are not in it stay as they are. */
export interface SwapIntent {
  databases: DatabaseSwap[];
  trees: TreeSwap[];
  /** When the live data was closed, ISO 8601: the start of the downtime. */
  closedAt: string;
}
