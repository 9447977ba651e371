// What was typed, checked before anything is started: the same rules as the workflows', in the command line's words.
import type { Config, Deployment } from '../config/config.js';
import { deploymentOf, loadConfig } from '../config/load.js';
import { Failure } from '../domain/failure.js';

/** Every command takes these. */
export interface CommonOptions {
  config?: string;
}

export const configOf = ({ config }: CommonOptions): Promise<Config> =>
  loadConfig(config === undefined ? {} : { file: config });

/** All deployments, or the one that was named. */
export const deploymentsOf = (config: Config, name: string | undefined): Deployment[] =>
  name === undefined ? Object.values(config.deployments) : [deploymentOf(config, name)];

export const checkRepository = (config: Config, name: string | undefined): void => {
  if (name === undefined || Object.hasOwn(config.repositories, name)) return;
  throw new Failure('INPUT_INVALID', `there is no repository ${name} in ${config.file}`, {
    hint: `known repositories: ${Object.keys(config.repositories).join(', ')}`,
  });
};

/** Runs a parser of src/domain/requests.ts; what it refuses is answered with the command's help. */
export const checkedInput = <T>(command: string, parse: () => T): T => {
  try {
    return parse();
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    throw new Failure(thrown.code, thrown.message.replace(/^[a-z]+: /, ''), {
      hint: `holdfast ${command} --help shows how it is used`,
      cause: thrown,
    });
  }
};
