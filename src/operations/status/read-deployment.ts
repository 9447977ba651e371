// One deployment's page: everything is read once, and what is said of it follows from that alone.
import { stat } from 'node:fs/promises';
import type { Answering } from '../../catalog/answering.js';
import type { ReadLog } from '../../catalog/log.js';
import { retentionIn } from '../../catalog/retention.js';
import type { Config } from '../../config/config.js';
import type { MomentOf } from '../../domain/retention-input.js';
import { isTrusted } from '../../domain/signature.js';
import { readKnownBackups, successesOf } from '../good-backups.js';
import { copyStatus } from './copy-status.js';
import { growthOf, lastBackup } from './growth.js';
import { findLeftovers } from './leftovers.js';
import { openTroubles } from './open-troubles.js';
import { proofStatus, verifiedStatus } from './proof-status.js';
import { readHostState } from './read-host-state.js';
import { routineStatus } from './routine-status.js';
import type { AgentStatus, DeploymentStatus } from './status.js';

export interface Surroundings {
  now: Date;
  agent: AgentStatus;
  answering: Answering;
  momentOf: MomentOf;
}

export const readDeployment = async (
  config: Config,
  name: string,
  { now, agent, answering, momentOf }: Surroundings,
): Promise<DeploymentStatus> => {
  const host = await readHostState(config.state, name, agent);
  const known = await readKnownBackups(config, name, answering);
  const { log, repositories, good } = known;
  const inUse = new Map<string, string>();
  const plans = () => retentionIn(config, name, { log, repositories, now, inUse, dropTier: null, momentOf });
  const routine = config.routines[name] ?? NOTHING_BY_ITSELF;
  const since = await configuredSince(config, log);
  const copies = copyStatus({ repositories, plans, good, leases: host.leases });
  const proof = proofStatus(log, routine.drill.maxAgeMs);
  const timed = routineStatus({ routine, timezone: config.timezone, good, log, since, now });
  return {
    deployment: name,
    last: lastBackup(known),
    oldest: good.at(-1)?.startedAt ?? null,
    ...timed,
    next: timed.next.filter(({ name: next }) => !host.paused.some((pause) => pause.name === next)),
    paused: host.paused,
    copies,
    proof,
    verified: verifiedStatus(
      log,
      repositories.map(({ settings }) => settings.name),
    ),
    growth: growthOf(good),
    kept: host.kept,
    leftovers: await findLeftovers(config, { deployment: name, repositories, now }, answering),
    operation: host.operation,
    troubles: openTroubles(host.troubles, { routine, successes: successesOf(known), proof, copies, now }),
    log: {
      ...{ entries: log.entries.length, last: log.entries[0]?.at ?? null },
      ...{ gaps: log.gaps.length, problems: log.problems.length },
    },
    unreadable: host.unreadable,
  };
};

const NOTHING_BY_ITSELF = {
  ...{ tiers: [], verify: null, giveUpAfterMs: null },
  drill: { timed: null, maxAgeMs: 35 * 86_400_000 },
};

/** As the log has it, which outlives a file that was copied or touched. */
const configuredSince = async ({ file }: Config, { entries }: ReadLog): Promise<string> => {
  const noted = entries.find(({ kind, signer }) => kind === 'configuration' && isTrusted(signer));
  return noted?.at ?? (await stat(file)).mtime.toISOString();
};
