// Where crash tests play: one PostgreSQL server, one Temporal server, one pair of workers, and a golden backup.
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { listBackups } from '../../src/catalog/catalog.js';
import { trustOf } from '../../src/catalog/signing-key.js';
import { runEffect } from '../../src/domain/effect.js';
import { settleAll } from '../../src/operations/settle-all.js';
import { openRepository } from '../../src/repositories/open-repository.js';
import { findTemporalCli } from '../../src/temporal/cli-binary.js';
import { runStateOf } from '../../src/temporal/run-state.js';
import { AGENT, type Agents, createAgents, type Death, HOME, startCrashWorkers } from './crash-agent.js';
import { DEPLOYMENT } from './crash-look.js';
import { type CrashRepository, plainBackups } from './crash-repository.js';
import { type CrashWorld, createSeed, createWorld, signerOf } from './crash-world.js';
import { startCluster } from './postgres-cluster.js';
import { workflowBundle } from './workflow-bundle.js';

interface SettleTimes {
  forgetful?: boolean;
  now?: () => Date;
}

export type CrashStage = Awaited<ReturnType<typeof openCrashStage>>;

/** @param backups where every world’s lie */
export const openCrashStage = async (backups: CrashRepository = plainBackups) => {
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
  });
  const cluster = await startCluster({ settings: { max_connections: '200' } });
  await createSeed(cluster);
  const path = await findTemporalCli();
  const server = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'existing-path', path } },
  });
  const { client, nativeConnection } = server;
  const { code } = await workflowBundle(new DefaultLogger('ERROR'), { telling: false });
  const workers = await startCrashWorkers(nativeConnection, code);
  const golden = await mkdtemp(join(tmpdir(), 'holdfast-golden-'));
  let runs = 0;

  const start = async (
    type: 'backup' | 'restore' | 'drill' | 'settle',
    input: object,
    agents: Agents,
  ): Promise<WorkflowHandle> => {
    runs += 1;
    const workflowId = `crash-${runs}`;
    workers.assign(workflowId, agents);
    return client.workflow.start(type, {
      workflowId,
      taskQueue: `holdfast.${AGENT}`,
      args: [{ deployment: DEPLOYMENT, ...input }],
    });
  };
  const agentsOf = (world: CrashWorld, deaths: readonly Death[] = []) =>
    createAgents({ client, world, deaths });
  const run = async (
    world: CrashWorld,
    type: 'backup' | 'restore' | 'drill' | 'settle',
    input: object = {},
  ) => (await start(type, input, await agentsOf(world))).result();

  const first = await createWorld(cluster, null, { backups });
  await run(first, 'backup');
  const [backup] = await listBackups(first.config);
  // The golden backup is another host's.
  const [settings] = Object.values(first.config.repositories);
  if (settings !== undefined) await openRepository(settings).remove(`${DEPLOYMENT}/owner.json`, runEffect);
  await cp(join(first.folder, 'backups'), golden, { recursive: true, preserveTimestamps: true });
  await writeFile(signerOf(golden), (await trustOf(first.config)).own ?? '');
  await first.remove();

  return {
    cluster,
    client,
    backups,
    start,
    run,
    agentsOf,
    golden,
    /** Of the golden backup, as a restore expects its approval. */
    confirm: `${DEPLOYMENT}@${backup?.id}`,
    /** What the agent does every minute. `forgetful`: Temporal's database was lost, and no run is known any more. */
    settle: async (agents: Agents, { forgetful = false, now = () => new Date() }: SettleTimes = {}) => {
      const { dependencies } = await agents.current();
      const said: string[] = [];
      const runState = runStateOf(client, HOME);
      await settleAll(dependencies, {
        runState: (holder) =>
          runState(forgetful ? { ...holder, workflowId: `${holder.workflowId}-lost` } : holder),
        say: (line) => said.push(line),
        now,
      });
      return said;
    },
    close: async () => {
      await workers.stop();
      await server.teardown();
      await cluster.stop();
      await rm(golden, { recursive: true, force: true });
      await rm(signerOf(golden), { force: true });
    },
  };
};
