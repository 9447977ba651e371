// From a command to what is really executed: the program, behind setpriv where there is one, so that the
// kernel ends it when the agent dies; and an environment that names only what it needs.
import { realpath } from 'node:fs/promises';
import { basename } from 'node:path';
import { baseEnvironment, programPath } from '../config/environment.js';
import { type Command, programName } from './command.js';
import { findProgram, lookUp } from './program-lookup.js';

export interface Launch {
  /** `pg_dump`: for messages and the register. */
  name: string;
  command: Command;
  file: string;
  args: string[];
  env: Record<string, string>;
}

/** The program keeps the name that it was called by: tar puts it in front of its messages. @throws TOOL_MISSING */
export const prepareLaunch = async (command: Command): Promise<Launch> => {
  await findProgram(command.program);
  const [file = command.program, ...args] = [
    ...(await deathSignalWrapper()),
    command.program,
    ...command.args,
  ];
  return {
    name: programName(command),
    command,
    file,
    args,
    env: { ...baseEnvironment(), ...command.env },
  };
};

const found = new Map<string, Promise<string | null>>();

/** util-linux's setpriv becomes the program itself (exec), so pid and process group are the program's. */
const deathSignalWrapper = async (): Promise<string[]> => {
  if (process.platform !== 'linux') return [];
  const path = programPath();
  const lookedUp = found.get(path) ?? lookUpSetpriv();
  found.set(path, lookedUp);
  const setpriv = await lookedUp;
  return setpriv === null ? [] : [setpriv, '--pdeathsig', 'KILL', '--'];
};

/** BusyBox has a setpriv of the same name that knows no --pdeathsig. */
const lookUpSetpriv = async (): Promise<string | null> => {
  const setpriv = await lookUp('setpriv');
  return setpriv !== null && basename(await realpath(setpriv)) === 'setpriv' ? setpriv : null;
};
