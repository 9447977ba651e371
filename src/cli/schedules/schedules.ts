// holdfast schedules list and apply: what runs by itself and when, as holdfast.yaml has it.
import { clockWords } from '../../activities/doctor/schedules.js';
import type { Config } from '../../config/config.js';
import { clockChanges } from '../../domain/clock-changes.js';
import { applySchedules, compareSchedules, type FoundSchedule } from '../../temporal/apply-schedules.js';
import { type CommonOptions, configOf } from '../input.js';
import type { Output } from '../output.js';
import { countOf } from '../render/format.js';
import { scheduleLines } from '../render/schedules.js';
import { type ListedSchedule, listedSchedules, unservedSchedules } from './schedule-facts.js';
import { ifSchedules, withSchedules } from './schedule-session.js';

export const listSchedules = async (options: CommonOptions, output: Output): Promise<number> => {
  const config = await configOf(options);
  const served = await ifSchedules(config, (client) => listedSchedules(client, config));
  const schedules = served ?? unservedSchedules(config, new Date());
  const odd = oddWords(schedules, config);
  if (output.json) output.answerJson(schedules.map((one) => ({ ...one, clock: odd.get(one.id) ?? '' })));
  else if (schedules.length === 0)
    output.say('nothing runs by itself: no deployment has tiers in holdfast.yaml');
  else output.answer(scheduleLines(schedules).join('\n'));
  if (schedules.length > 0) output.say(`times are those of ${config.timezone}`);
  for (const words of odd.values()) output.say(`${output.paint('yellow', 'warning:')} ${words}`);
  if (served === null && schedules.length > 0)
    output.say(`${output.paint('yellow', 'warning:')} nothing runs by itself now: start holdfast up`);
  if (schedules.some(({ state }) => PUT_RIGHT.includes(state)))
    output.say('holdfast schedules apply makes them as holdfast.yaml has them');
  return 0;
};

const PUT_RIGHT: readonly ListedSchedule['state'][] = ['not applied', 'changed', 'edited', 'not configured'];

const oddWords = (schedules: readonly ListedSchedule[], { timezone }: Config): Map<string, string> => {
  const changes = clockChanges(timezone, new Date(), 366);
  return new Map(
    schedules.flatMap(({ id, deployment, name, schedule }) => {
      const words = schedule === '' ? '' : clockWords(schedule, changes);
      return words === '' ? [] : [[id, `${deployment} ${name}: ${words}`]];
    }),
  );
};

export interface ApplyOptions extends CommonOptions {
  dryRun?: true;
}

/** Exit code 1 while somebody else’s schedule stands in the place of one of ours. */
export const apply = async ({ dryRun, ...options }: ApplyOptions, output: Output): Promise<number> => {
  const config = await configOf(options);
  const found = await withSchedules(config, async (client) => {
    const compared = await compareSchedules(client, config);
    if (dryRun !== true) await applySchedules(client, compared, { mend: true });
    return compared;
  });
  const ours = found.filter(({ verdict, wanted }) => verdict !== 'foreign' || wanted !== null);
  if (output.json)
    output.answerJson(ours.map(({ id, verdict, differences }) => ({ id, change: verdict, differences })));
  else
    for (const one of ours.filter(({ verdict }) => verdict !== 'equal'))
      output.answer(changeLine(one, dryRun));
  const equal = ours.filter(({ verdict }) => verdict === 'equal').length;
  if (equal > 0) output.say(`${countOf(equal, 'schedule')} as configured`);
  return ours.some(({ verdict }) => verdict === 'foreign') ? 1 : 0;
};

const changeLine = ({ id, verdict, differences }: FoundSchedule, dryRun: true | undefined): string => {
  const why = differences.length === 0 ? '' : ` (${differences.join('; ')})`;
  if (verdict === 'foreign')
    return `left     ${id}: somebody else made it; give the tier or the agent another name`;
  return `${(dryRun === true ? WOULD : DONE)[verdict]} ${id}${why}`;
};

const WOULD = {
  ...{ create: 'create  ', update: 'change  ', drifted: 'put right', remove: 'remove  ' },
  ...{ equal: 'keep    ', foreign: 'leave   ' },
};
const DONE = {
  ...{ create: 'created ', update: 'changed ', drifted: 'put right', remove: 'removed ' },
  ...{ equal: 'kept    ', foreign: 'left    ' },
};
