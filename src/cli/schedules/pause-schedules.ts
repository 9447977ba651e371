// holdfast schedules pause and resume: the operator's own, which no apply takes back.
import type { Config } from '../../config/config.js';
import { deploymentOf } from '../../config/load.js';
import { ownName } from '../../config/own-name.js';
import { Failure } from '../../domain/failure.js';
import { compareSchedules, type FoundSchedule, setPaused } from '../../temporal/apply-schedules.js';
import { type CommonOptions, configOf } from '../input.js';
import type { Output } from '../output.js';
import { withSchedules } from './schedule-session.js';

export interface PauseOptions extends CommonOptions {
  reason?: string;
}

/** Without a note the server would take neither for said. */
const by = (what: string): string => `${ownName()}, holdfast schedules ${what}`;

interface Named {
  deployment: string | undefined;
  name: string | undefined;
}

export const pause = async (
  named: Named,
  { reason, ...options }: PauseOptions,
  output: Output,
): Promise<number> => {
  const note = reason || by('pause');
  return change(named, options, output, { paused: true, note });
};

export const resume = (named: Named, options: CommonOptions, output: Output): Promise<number> =>
  change(named, options, output, { paused: false, note: by('resume') });

const change = async (
  named: Named,
  options: CommonOptions,
  output: Output,
  to: { paused: boolean; note: string },
): Promise<number> => {
  const config = await configOf(options);
  if (named.deployment !== undefined) deploymentOf(config, named.deployment);
  const changed = await withSchedules(config, async (client) => {
    const meant = chosen(await compareSchedules(client, config), named, config);
    for (const { id, existing } of meant) {
      if (existing === null || existing.paused === to.paused) continue;
      await setPaused(client, id, to);
    }
    return meant.map(({ id, existing }) => ({ id, before: existing?.paused === true, paused: to.paused }));
  });
  if (output.json) output.answerJson(changed.map(({ id, paused }) => ({ id, paused })));
  else for (const { id, before } of changed) output.answer(`${stateWords(before, to.paused)} ${id}`);
  return 0;
};

const stateWords = (before: boolean, paused: boolean): string => {
  if (before === paused) return paused ? 'was paused already:' : 'was not paused:';
  return paused ? 'paused' : 'resumed';
};

/** Ours, and there. @throws INPUT_INVALID when there is none */
const chosen = (
  found: readonly FoundSchedule[],
  { deployment, name }: Named,
  config: Config,
): FoundSchedule[] => {
  const ours = found.filter(({ existing, verdict }) => existing !== null && verdict !== 'foreign');
  const prefix = [`holdfast.${config.agent}`, ...(deployment === undefined ? [] : [deployment])].join('.');
  const meant = ours.filter(({ id }) =>
    name === undefined ? id.startsWith(`${prefix}.`) : id === `${prefix}.${name}`,
  );
  if (meant.length > 0) return meant;
  const known = ours
    .filter(({ id }) => id.startsWith(`${prefix}.`))
    .map(({ id }) => id.slice(prefix.length + 1));
  throw new Failure(
    'INPUT_INVALID',
    `there is no such schedule${name === undefined ? '' : `: ${deployment} ${name}`}`,
    {
      hint:
        known.length === 0
          ? 'holdfast schedules apply makes those of holdfast.yaml'
          : `there are ${known.join(', ')}`,
    },
  );
};
