// holdfast init: looks at what is here, asks little, writes a commented holdfast.yaml, and says whether it would work. Until the
// file is written nothing is changed; what is there already is never overwritten.
import { resolve } from 'node:path';
import { adoptVariable, ownEnvironment } from '../../config/own-environment.js';
import { Failure } from '../../domain/failure.js';
import { checkDraft } from '../../operations/init/check-draft.js';
import { chooseCandidate } from '../../operations/init/choose.js';
import { lookAround, type Surroundings } from '../../operations/init/look-around.js';
import { openSecrets } from '../../operations/init/open-secrets.js';
import type { Output } from '../output.js';
import { aroundLines, choiceLines } from '../render/init.js';
import { afterwards } from './afterwards.js';
import { askWhether } from './answers.js';
import { askDecisions } from './ask-decisions.js';
import { type Decisions, decide, type Place } from './decisions.js';
import type { InitOptions } from './options.js';
import { requirePlace } from './place.js';
import { spaceOf } from './space-of.js';
import { writeDecisions } from './write-decisions.js';

/** Exit code 1 when what was written has to be completed, or would not work yet. */
export const init = async (options: InitOptions, output: Output): Promise<number> => {
  requireSomebody(options, output);
  const place = { file: resolve(options.config ?? 'holdfast.yaml'), folder: process.cwd() };
  await requirePlace(place.file);
  const around = await lookAround(place.folder, ownEnvironment());
  for (const line of aroundLines(around)) output.say(line);
  const open = await openSecrets(place.folder);
  if (open !== null) output.say(`${output.paint('yellow', 'warning:')} ${open}`);
  const decisions = await decisionsFor(around, options, place);
  const config = await checkDraft(decisions.draft);
  const variable = usedVariable(around, decisions);
  if (variable !== null) adoptVariable(variable.name, variable.value);
  const space = await spaceOf(config, decisions.draft);
  for (const line of choiceLines(decisions, space)) output.say(line);
  if (!options.yes && !(await askWhether(`Write ${place.file}?`, true)))
    throw new Failure('CANCELLED', 'holdfast.yaml was not written', { hint: 'nothing was changed' });
  const draft = await writeDecisions(decisions, space, output);
  return afterwards({ draft, space, variable, asks: options.yes !== true }, output);
};

const requireSomebody = ({ yes }: InitOptions, output: Output): void => {
  if (yes || output.canAsk) return;
  throw new Failure('INPUT_INVALID', 'nobody is there to be asked: this is not a terminal', {
    hint: 'add --yes: it takes what it finds and what is usual; holdfast init --help lists the options',
  });
};

const decisionsFor = async (around: Surroundings, options: InitOptions, place: Place): Promise<Decisions> => {
  if (!options.yes) return askDecisions(around, options, place);
  const candidate = options.databaseUrl === undefined ? chooseCandidate(around, options) : null;
  return decide({ around, candidate }, options, place);
};

/** Only where the configuration refers to it. */
const usedVariable = ({ variable }: Surroundings, { draft: { database } }: Decisions) =>
  variable !== null && database?.kind === 'url' && database.url === `env:${variable.name}` ? variable : null;
