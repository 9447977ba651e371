// holdfast.yaml, from the file to typed deployments. Whatever is wrong with it is said at once.
import { Failure } from '../domain/failure.js';
import { buildConfig } from './build-config.js';
import type { Config, Deployment } from './config.js';
import { deploymentProblems } from './deployment-checks.js';
import { suggestion } from './nearest.js';
import { notifyProblems } from './notify-of.js';
import { placeProblems } from './place-checks.js';
import { type Problem, valueAt } from './problem.js';
import { configInvalid, inFileOrder, withoutEchoes } from './problem-report.js';
import { type ConfigText, readConfig } from './read-config.js';
import { configSchema } from './schema.js';
import { shapeProblems } from './shape-problems.js';
import { soundPart } from './sound-part.js';
import { defaultStateFolder } from './state-folder.js';
import { parseYaml } from './yaml.js';

/**
 * Finds (--config, HOLDFAST_CONFIG, ./holdfast.yaml, /etc/holdfast/holdfast.yaml), reads, checks and types the configuration.
 * Rejects with CONFIG_INVALID: a line `deployments.edms.database.port: …` for every problem.
 */
export const loadConfig = async (options: { file?: string | undefined } = {}): Promise<Config> => {
  return await parseConfig(await readConfig(options.file));
};

/** @param given its text, and the file that it stands in or will stand in */
export const parseConfig = async ({ file, text }: ConfigText): Promise<Config> => {
  const parsed = parseYaml(text);
  if ('problems' in parsed) throw configInvalid(file, parsed.problems);
  return await checkConfig(file, parsed.value);
};

/** Throws UNKNOWN_DEPLOYMENT, naming the known ones or the one that was probably meant. */
export const deploymentOf = (config: Config, name: string): Deployment => {
  const deployment = Object.hasOwn(config.deployments, name) ? config.deployments[name] : undefined;
  if (deployment !== undefined) return deployment;
  const known = suggestion(name, Object.keys(config.deployments), 'deployments');
  throw new Failure('UNKNOWN_DEPLOYMENT', `${config.file} has no deployment ${name}${known}`);
};

const checkConfig = async (file: string, raw: unknown): Promise<Config> => {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
    throw configInvalid(file, [{ path: [], text: 'the file must hold repositories: and deployments:' }]);
  const shape = configSchema.safeParse(raw);
  const found = shape.success ? [] : shapeProblems(shape.error.issues, raw);
  const sound = soundPart(raw, found);
  const state = valueAt(raw, ['state']) === undefined ? defaultStateFolder() : (sound.state ?? null);
  const problems = [
    ...found,
    ...deploymentProblems(raw, sound),
    ...notifyProblems(raw, sound),
    ...(await placeProblems(sound, state)),
    ...homeProblem(raw, state),
  ];
  if (!shape.success || state === null || problems.length > 0)
    throw configInvalid(file, inFileOrder(raw, withoutEchoes(problems)));
  return buildConfig({ file, state }, shape.data);
};

const homeProblem = (raw: unknown, state: string | null): Problem[] =>
  state === null && valueAt(raw, ['state']) === undefined
    ? [{ path: ['state'], text: 'is missing, and this user has no home folder to keep it in' }]
    : [];
