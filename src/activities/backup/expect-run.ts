// What is expected of a scheduled run, looked up once at its beginning: from the configuration, and from the manifests of the
// backups before it; from the server’s memory where it makes no backup. Never fails for want of a repository.
import { Context } from '@temporalio/activity';
import { listBackups, signedManifestOf } from '../../catalog/catalog.js';
import type { Config } from '../../config/config.js';
import { deploymentOf } from '../../config/load.js';
import { type Expectation, lateAfterMs, median, usualGiveUpAfterMs } from '../../domain/expectation.js';
import { momentsAfter } from '../../domain/moments.js';
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
}

export const expectRun = (dependencies: Dependencies) =>
  lookingActivity(dependencies, async (input: ExpectInput): Promise<Expectation> => {
    const config = await dependencies.loadConfig();
    deploymentOf(config, input.deployment);
    const startedAt = new Date(input.startedAt);
    const usualMs = await usualLengthMs(config, input).catch(() => null);
    return {
      giveUpAt: after(startedAt, giveUpAfterMs(config, input, startedAt)),
      lateAt: after(startedAt, lateAfterMs(usualMs)),
      usualMs,
    };
  });

const after = (start: Date, ms: number): string => new Date(start.getTime() + ms).toISOString();

const giveUpAfterMs = (config: Config, { deployment, tier }: ExpectInput, startedAt: Date): number => {
  const routine = config.routines[deployment];
  const schedule = routine === undefined ? null : scheduleOf(routine, tier);
  const next = schedule === null ? [] : momentsAfter({ schedule, timezone: config.timezone }, startedAt, 2);
  return routine?.giveUpAfterMs ?? usualGiveUpAfterMs(startedAt, next);
};

const scheduleOf = ({ tiers, verify, drill }: Routine, tier: string): string | null => {
  if (tier === 'verify') return verify?.schedule ?? null;
  if (tier === 'drill') return drill.timed?.schedule ?? null;
  return tiers.find(({ name }) => name === tier)?.schedule ?? null;
};

/** As many as make one slow night no rule. */
const LAST_ONES = 7;

const usualLengthMs = async (config: Config, { deployment, tier }: ExpectInput): Promise<number | null> => {
  if (tier === 'verify' || tier === 'drill')
    return median(await lengthsOfRuns(Context.current(), { deployment, kind: tier, most: LAST_ONES }));
  const backups = await listBackups(config, { deployment });
  const last = backups.filter(({ summary }) => summary?.tiers.includes(tier) === true).slice(0, LAST_ONES);
  const lengths = await Promise.all(
    last.map(async (entry) => {
      const { manifest } = await signedManifestOf(config, entry);
      return Date.parse(manifest.finishedAt) - Date.parse(manifest.startedAt);
    }),
  );
  return median(lengths);
};
