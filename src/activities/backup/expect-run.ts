// What is expected of a scheduled run, looked up once at its beginning: from the configuration, and from the manifests of the
// backups before it; from the server’s memory where it makes no backup. Never fails for want of a repository.
import { Context } from '@temporalio/activity';
import { type CatalogEntry, listBackups, signedManifestOf } from '../../catalog/catalog.js';
import type { Config } from '../../config/config.js';
import { deploymentOf } from '../../config/load.js';
import { type Expectation, lateAfterMs, median, usualGiveUpAfterMs } from '../../domain/expectation.js';
import { isMoment, momentsAfter } from '../../domain/moments.js';
import { caughtUpWords, missedWords } from '../../domain/scheduled-words.js';
import type { Routine } from '../../domain/tiers.js';
import { lookingActivity } from '../attempt.js';
import type { Dependencies } from '../dependencies.js';
import { lengthsOfRuns } from '../run-lengths.js';

export interface ExpectInput {
  deployment: string;
  /** The tier, `verify` or `drill`. */
  tier: string;
  /** When the run began. ISO 8601. */
  startedAt: string;
  /** The schedule's moment; null: it has none. ISO 8601. */
  scheduledFor?: string | null;
}

export const expectRun = (dependencies: Dependencies) =>
  lookingActivity(dependencies, async (input: ExpectInput): Promise<Expectation> => {
    const config = await dependencies.loadConfig();
    deploymentOf(config, input.deployment);
    const startedAt = new Date(input.startedAt);
    const backups = await backupsOf(config, input).catch(() => []);
    const usualMs = await usualLengthMs(config, input, backups).catch(() => null);
    return {
      giveUpAt: after(startedAt, giveUpAfterMs(config, input, startedAt)),
      lateAt: after(startedAt, lateAfterMs(usualMs)),
      usualMs,
      ...saidOf(config, input, backups),
    };
  });

const after = (start: Date, ms: number): string => new Date(start.getTime() + ms).toISOString();

const giveUpAfterMs = (config: Config, { deployment, tier }: ExpectInput, startedAt: Date): number => {
  const routine = config.routines[deployment];
  const schedule = routine === undefined ? null : timedOf(routine, tier)?.schedule;
  const next = schedule ? momentsAfter({ schedule, timezone: config.timezone }, startedAt, 2) : [];
  return routine?.giveUpAfterMs ?? usualGiveUpAfterMs(startedAt, next);
};

/** What of a tier or of a routine beside them is about time. */
const timedOf = ({ tiers, verify, drill }: Routine, tier: string) => {
  if (tier === 'verify') return verify;
  if (tier === 'drill') return drill.timed;
  return tiers.find(({ name }) => name === tier) ?? null;
};

/** Those of its tier, the newest first. */
const backupsOf = async (config: Config, { deployment, tier }: ExpectInput): Promise<CatalogEntry[]> => {
  if (isReading(tier)) return [];
  const backups = await listBackups(config, { deployment });
  return backups.filter(({ summary }) => summary?.tiers.includes(tier) === true);
};

const isReading = (tier: string): tier is 'verify' | 'drill' => tier === 'verify' || tier === 'drill';

/** As many as make one slow night no rule. */
const LAST_ONES = 7;

const usualLengthMs = async (
  config: Config,
  { deployment, tier }: ExpectInput,
  backups: readonly CatalogEntry[],
): Promise<number | null> => {
  if (isReading(tier))
    return median(await lengthsOfRuns(Context.current(), { deployment, kind: tier, most: LAST_ONES }));
  const lengths = await Promise.all(
    backups.slice(0, LAST_ONES).map(async (entry) => {
      const { manifest } = await signedManifestOf(config, entry);
      return Date.parse(manifest.finishedAt) - Date.parse(manifest.startedAt);
    }),
  );
  return median(lengths);
};

/** Of a moment that is its schedule's own: Trigger makes none. */
const saidOf = (
  { routines, timezone }: Config,
  { deployment, tier, startedAt, scheduledFor = null }: ExpectInput,
  backups: readonly CatalogEntry[],
): Pick<Expectation, 'caughtUp' | 'missed'> => {
  const routine = routines[deployment];
  const { schedule = null, jitterMs = 0 } = (routine && timedOf(routine, tier)) ?? {};
  if (schedule === null || scheduledFor === null) return {};
  const moment = new Date(scheduledFor);
  if (!isMoment({ schedule, timezone }, moment)) return {};
  const caughtUp = caughtUpWords(moment, new Date(startedAt), jitterMs);
  const last = backups
    .flatMap(({ summary }) => summary?.scheduledFor ?? [])
    .toSorted()
    .at(-1);
  const missed = last === undefined ? '' : missedWords({ schedule, timezone }, new Date(last), moment);
  return { ...(caughtUp === '' ? {} : { caughtUp }), ...(missed === '' ? {} : { missed }) };
};
