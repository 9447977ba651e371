// Looks into one copy of a backup, from end to end.
import { repositoriesOf } from '../../catalog/catalog.js';
import { claimPlace } from '../../catalog/own-place.js';
import { trustOf } from '../../catalog/signing-key.js';
import type { Config, RepositorySettings } from '../../config/config.js';
import { deploymentOf } from '../../config/load.js';
import type { VerifiedCopy } from '../../domain/copies.js';
import { Failure } from '../../domain/failure.js';
import { fitting } from '../../domain/findings.js';
import type { Trust } from '../../domain/signature.js';
import { repairCopy } from '../../operations/copies/repair-copy.js';
import { type CopyFound, verifyCopy } from '../../operations/copies/verify-copy.js';
import { openUnhurried } from '../../repositories/open-unhurried.js';
import { type Attempt, lookingActivity } from '../attempt.js';
import type { Dependencies } from '../dependencies.js';
import { isPrunedSince, type OfDeployment } from './backups-to-verify.js';
import { decodeStored } from './decode-stored.js';

export interface VerifyCopyInput extends OfDeployment {
  backup: string;
  repository: string;
  /** Then a failure is the last one. ISO 8601. Missing: the number of attempts decides. */
  giveUpAt?: string;
}

/** A payload stays under 4 kB. */
const MOST_BYTES = 3_000;

export const verifyBackup = (dependencies: Dependencies) =>
  lookingActivity(dependencies, async (input: VerifyCopyInput, attempt): Promise<VerifiedCopy> => {
    const { request, backup, repository } = input;
    const config = await dependencies.loadConfig();
    const deployment = deploymentOf(config, request.deployment);
    const { stallTimeoutMs } = deployment;
    const all = repositoriesOf(config, deployment);
    const [to] = repositoriesOf(config, deployment, repository);
    if (to === undefined) return { bytes: 0, problems: [], repaired: 0 };
    const trust = await trustOf(config);
    const { encryption } = config;
    const look = () => lookInto(to, { ...input, trust, encryption }, { attempt, stallTimeoutMs });
    const found = await look();
    if (await isPrunedSince(found, to, { config, ...input })) return { bytes: 0, problems: [], repaired: 0 };
    const before = found.problems.length;
    if (before === 0 || found.closed || !request.repair) return shown(found, 0);
    const { instance } = dependencies;
    const place = { state: config.state, repository: to, deployment: deployment.name, instance };
    const words = await refusal(claimPlace(place, attempt.host.effect));
    if (words !== null) return shown({ ...found, problems: [...found.problems, { name: '', words }] }, 0);
    const what = {
      deployment: deployment.name,
      backup,
      to,
      trust,
      from: all.filter(({ name }) => name !== to.name),
    };
    const repairedFrom = (seen: CopyFound) =>
      dependencies.copyTurns.take(to.name, attempt.signal, async () => {
        await repairCopy(what, seen, { ...attempt, stallTimeoutMs });
        return look();
      });
    let after = await repairedFrom(found);
    // Only with a manifest can be seen what else is wrong.
    if (found.manifest === null && after.manifest !== null && after.problems.length > 0 && !after.closed)
      after = await repairedFrom(after);
    return shown(after, Math.max(0, before - after.problems.length));
  });

/** null: it may be repaired by this host. */
const refusal = (claiming: Promise<void>): Promise<string | null> =>
  claiming.then(
    () => null,
    (error: unknown) => {
      if (!(error instanceof Failure) || error.code !== 'NOT_OWNER') throw error;
      return `it is not repaired: ${error.message}; ${error.hint}`;
    },
  );
type LookedInto = CopyFound & Pick<VerifiedCopy, 'closed'>;

const lookInto = async (
  settings: RepositorySettings,
  { request, backup, trust, encryption }: VerifyCopyInput & Pick<Config, 'encryption'> & { trust: Trust },
  { attempt, stallTimeoutMs }: { attempt: Attempt; stallTimeoutMs: number },
): Promise<LookedInto> => {
  const { deployment, rate, decode } = request;
  const bytesPerSecond = rate === null ? null : rate * 1e6;
  const found = await verifyCopy(
    settings,
    { deployment, backup, trust },
    { attempt, bytesPerSecond, stallTimeoutMs },
  );
  if (!decode || found.manifest === null || found.problems.length > 0) return found;
  const from = openUnhurried(settings, bytesPerSecond);
  return {
    ...found,
    ...(await decodeStored(from, found.manifest, { encryption, attempt, stallTimeoutMs })),
  };
};

const shown = ({ bytes, problems, closed }: LookedInto, repaired: number): VerifiedCopy => ({
  ...(closed === undefined ? {} : { closed }),
  bytes,
  problems: fitting(
    problems.map(({ words }) => words),
    MOST_BYTES,
  ).kept,
  repaired,
});
