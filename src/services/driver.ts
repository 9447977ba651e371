// What each kind of service can do with one of its units.

/**
 * `stopping`: told to stop, and still there. `failing`: it keeps ending and is started again by whoever looks after it.
 */
export type Sight = 'running' | 'paused' | 'stopped' | 'stopping' | 'failing';

/** Each change is asked for only in the state that it changes, and resolves when it is done. */
export interface Driver {
  /** As it is now. A container that is gone is stopped. */
  look(): Promise<Sight>;
  /** Also of a paused one. */
  stop(): Promise<void>;
  /** Also of one that is stopping: it waits for the end of that. */
  start(): Promise<void>;
  pause(): Promise<void>;
  unpause(): Promise<void>;
  /** What it printed last: why it ended. */
  lastWords(): Promise<string>;
}
