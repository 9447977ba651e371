// The two workflows, started and approved over Temporal’s HTTP API alone: each with one JSON object.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Served, serveApplication } from '../support/served-application.js';
import { http } from '../support/temporal-outside.js';

let served: Served;
beforeAll(async () => {
  served = await serveApplication();
});
afterAll(() => served.stop());

const STARTED = { timeout: 60_000, interval: 50 };

test('the HTTP API makes a backup, restores it once somebody approved the plan there, and undoes that', async () => {
  const before = await served.application.live();
  await startOverHttp('backup', { deployment: 'edms' });
  expect(await closeOf('backup')).toMatchObject({
    workflowExecutionCompletedEventAttributes: { result: [{ deployment: 'edms', artifacts: 3 }] },
  });
  const confirm = `edms@${await served.newestBackup()}`;

  await served.application.work();
  const worked = await served.application.live();
  await startOverHttp('restore', { deployment: 'edms' });
  await vi.waitFor(async () => {
    const { body } = await call('restore', '/query/progress', { query: {} });
    expect(body).toMatchObject({ queryResult: [{ phase: 'waiting for approval', confirm }] });
  }, STARTED);
  expect(await approveOverHttp('edms')).toMatchObject({
    body: { outcome: { failure: { message: `approve expects {"confirm": "${confirm}"}` } } },
  });
  expect(await served.application.live()).toEqual(worked);

  expect(await approveOverHttp(confirm)).toMatchObject({
    status: 200,
    body: { outcome: { success: [`approved: ${confirm}`] } },
  });
  expect(await closeOf('restore')).toMatchObject({
    workflowExecutionCompletedEventAttributes: { result: [{ outcome: 'restored' }] },
  });
  expect(await served.application.live()).toEqual(before);

  await startOverHttp('restore', { deployment: 'edms', backup: 'previous', confirm });
  await closeOf('restore');
  expect(await served.application.live()).toEqual(worked);
  await served.expectNothingLeft();
});

const call = (kind: string, path: string, body?: unknown) =>
  http(served.scenario.state, `/holdfast.edms.${kind}${path}`, body === undefined ? {} : { body });

const startOverHttp = async (kind: string, input: unknown): Promise<void> => {
  const answer = await call(kind, '', startRequest(kind, input));
  expect(answer).toMatchObject({ status: 200, body: { runId: expect.any(String) } });
};

const startRequest = (kind: string, input?: unknown) => ({
  workflowType: { name: kind },
  taskQueue: { name: 'holdfast.default' },
  ...(input === undefined ? {} : { input: [input] }),
});

const approveOverHttp = (confirm: string) =>
  call('restore', '/update/approve', {
    waitPolicy: { lifecycleStage: 'UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_COMPLETED' },
    // Without `meta` the server refuses it, whatever is in it.
    request: { meta: { identity: 'somebody' }, input: { args: [{ confirm }] } },
  });

/** Waits for the end of the newest run of that kind, and gives its last event. */
const closeOf = async (kind: string): Promise<unknown> => {
  const { body } = await call(kind, '/history?historyEventFilterType=2&waitNewEvent=true');
  return (body as { history: { events: unknown[] } }).history.events[0];
};

test('a backup that the HTTP API starts without input is answered with what is expected', async () => {
  await call('backup', '', startRequest('backup'));
  expect(await closeOf('backup')).toMatchObject({
    workflowExecutionFailedEventAttributes: {
      failure: {
        message: expect.stringContaining('known keys: deployment, type, tier'),
        applicationFailureInfo: { type: 'INPUT_INVALID' },
      },
    },
  });
});

test.each(['127.0.0.1', 'localhost', 'example.com'])(
  'a web page that guesses the port starts nothing: Host %s gets 403',
  async (host) => {
    const body = startRequest('backup', { deployment: 'edms' });
    expect(await http(served.scenario.state, '/foreign', { body, host })).toMatchObject({ status: 403 });
    expect(await http(served.scenario.state, '/foreign')).toMatchObject({ status: 404 });
  },
);
