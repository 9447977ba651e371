// Reports progress about once a second, and notices when nothing moves any more.

export interface Watched {
  /** Grows whenever the run shows that it lives. */
  signsOfLife: () => number;
  /** false: nothing is expected to move now, however long it takes. */
  expectsMovement: () => boolean;
  /** Milliseconds; 0 = never. */
  stallTimeoutMs: number;
  onTick: () => void;
  onStall: () => void;
}

const SECOND = 1000;

/**
 * Counts ticks, not the clock: a machine that slept has not stalled.
 * @returns a function that ends the watch
 */
export const watchForStall = (watched: Watched): (() => void) => {
  const { stallTimeoutMs } = watched;
  const every = stallTimeoutMs === 0 ? SECOND : Math.min(SECOND, Math.max(10, stallTimeoutMs / 4));
  let seen = -1;
  let idleMs = 0;
  const timer = setInterval(() => {
    const now = watched.signsOfLife();
    idleMs = now === seen && watched.expectsMovement() ? idleMs + every : 0;
    seen = now;
    watched.onTick();
    if (stallTimeoutMs > 0 && idleMs >= stallTimeoutMs) watched.onStall();
  }, every);
  return () => clearInterval(timer);
};
