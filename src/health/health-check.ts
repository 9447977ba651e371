// What every kind of health check promises. It only looks, and says exactly what it saw in its own words; there is one file
// for each kind, and one suite that all of them pass (test/contract/health-suite.ts).

export interface HealthState {
  label: string;
  ok: boolean;
  /** A sentence: `http://localhost:8000/health answered 503 instead of 200`. */
  words: string;
}

export interface HealthCheck {
  /** What is looked at: `container edms/web`. */
  label: string;
  /**
   * One look, which takes no longer than its time limit. Whatever goes wrong with it is a state; it rejects only when
   * `signal` is aborted, with the signal's reason.
   */
  check(signal: AbortSignal): Promise<HealthState>;
}

export interface HealthContext {
  /**
   * The first value of the query's first row, undefined where there is none. Names resolve as they do for the application
   * (its own search_path). @throws a Failure that says why there is no answer
   */
  query: (database: string, sql: string, signal: AbortSignal) => Promise<unknown>;
  /** For each look. Milliseconds; 5 s if it is left out. */
  lookWithinMs?: number;
}

/** What one kind does. Its words go on after the label: `refused the connection`. */
export interface Probe {
  label: string;
  /** May throw: the error's message is what was seen. */
  look: (signal: AbortSignal) => Promise<Seen>;
}

export interface Seen {
  ok: boolean;
  words: string;
}
