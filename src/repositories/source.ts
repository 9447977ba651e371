// What a repository is given to store, and by whom.
import type { Effect } from '../domain/effect.js';
import type { Command } from '../tools/command.js';
import type { RunContext } from '../tools/process.js';

/** What is to be stored: not bytes, since each kind compresses, encrypts and deduplicates in its own way. */
export type Source =
  | {
      kind: 'programs';
      /** Of the artifact before any transform: `database.main.dump`. */
      name: string;
      /** Piped to each other; the last one's stdout is what is stored. */
      programs: readonly Command[];
    }
  | {
      kind: 'tree';
      name: string;
      /** Absolute path of the folder. */
      path: string;
      /** File that receives the archive's own listing. */
      index: string;
      /** File with NUL-separated paths: only these, instead of the whole tree. */
      only?: string;
    };

export interface StoreContext extends RunContext {
  effect: Effect;
  /** Whom it is encrypted to: age's public keys. Empty: nobody. A restic repository encrypts by itself and takes none. */
  recipients: readonly string[];
  /** Bytes stored so far. */
  onProgress?: (bytes: number) => void;
  onStderrLine?: (program: string, line: string) => void;
  /**
   * It need not become an object now, where the kind can leave that to `putTogether`: this folder of the operation’s own keeps
   * a note of it until then. Absolute path; it need not be there.
   */
  later?: string;
  /** Who stores it, where the kind can note that beside it. */
  storedBy?: {
    instance: string;
    /** What one attempt of one operation stores. */
    attempt: string;
  };
}
