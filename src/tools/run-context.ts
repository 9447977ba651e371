// What a run of programs is given, and what it gives back.
import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';

/** Remembers what runs, on disk, so that a later agent can end what a killed one left. */
export interface ProcessRegister {
  started(pid: number, program: string): Promise<void>;
  ended(pid: number): Promise<void>;
}

/** For programs that are over in a moment. */
export const NOT_REGISTERED: ProcessRegister = { started: async () => {}, ended: async () => {} };

export interface RunContext {
  /** Aborted: every program is ended, then the signal's reason is thrown. */
  signal: AbortSignal;
  processes: ProcessRegister;
  /** No byte for so long: the programs are ended and the run fails with STALLED. Milliseconds; 0 = never. */
  stallTimeoutMs: number;
}

export interface PipelineOptions extends RunContext {
  /** The first program's stdin, read to its end; without it that program has none. */
  input?: Readable;
  /** The first program has not failed when it ends before it has read all of that. */
  inputMayBeLeft?: boolean;
  /** An empty file, open for reading too: the last program writes right into it, and its stdout is read from there. */
  into?: FileHandle;
  /**
   * Reads the last program's stdout; what it leaves unread is thrown away. Its stream ends only after every program
   * ended well, and fails otherwise: whoever completes a file or an upload at its end completes a whole one.
   */
  consume: (stdout: Readable) => Promise<void>;
  /** Total bytes so far, about once a second and at the end: of the input where there is one, else of the last stdout. */
  onProgress?: (bytes: number) => void;
  /** Every line, not only the last ones. */
  onStderrLine?: (program: string, line: string) => void;
}

export interface Ended {
  program: string;
  exitCode: number;
  /** Its last words, at most 4 kB. */
  stderr: string;
}
