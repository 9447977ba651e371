// A program to start, as data: the files beside this one say how each program is called, and start nothing.

/** One program to start: it says nothing of pipes. */
export interface Command {
  /** Looked up on PATH, or absolute. */
  program: string;
  args: readonly string[];
  /** What messages call it, where the program only starts another one. */
  name?: string;
  /** Added to the base environment. */
  env?: Readonly<Record<string, string>>;
  /** Successes besides 0 (tar: 1). */
  acceptedExitCodes?: readonly number[];
  /** Lines of its stderr that it says for this process alone: signs of life, and none of its last words. */
  chatter?: RegExp;
  /** For people: what its output is written into by itself (`repository usb at /mnt/usb`). A disk that fails is that one's. */
  writesInto?: string;
}

/** `pg_dump` of `/usr/lib/postgresql/15/bin/pg_dump`: how a message names the program. */
export const programName = (command: Command): string =>
  command.name ?? command.program.slice(command.program.lastIndexOf('/') + 1);
