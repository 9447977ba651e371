import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AREAS, type Finding } from '../../src/domain/findings.js';
import { failureOf } from './ending.js';
import { type Activities, failing } from './fake-activities.js';
import { payloadsOf } from './payloads.js';
import { startRuns, type WorkflowRuns } from './workflow-runs.js';

let runs: WorkflowRuns;
beforeAll(async () => {
  runs = await startRuns();
});
afterAll(() => runs.stop());

const details = async (handle: { query<T>(name: string): Promise<T> }): Promise<string> =>
  (await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata')).currentDetails;

const unencrypted: Finding = {
  area: 'SECURITY',
  level: 'warning',
  message: 'not encrypted',
  hint: 'encrypt',
};
const unmounted: Finding = { area: 'STORAGE', level: 'problem', message: 'is not there', hint: 'mount it' };

const finding = (...found: Finding[]): Pick<Activities, 'checkDeployment'> => ({
  checkDeployment: async ({ area }) => ({ kept: found.filter((one) => one.area === area), omitted: 0 }),
});

test('every area is looked into, and all is well', async () => {
  const deployment = runs.deploy('well');
  const run = await deployment.start('doctor');
  expect(await run.handle.result()).toEqual({ ok: true, problems: 0, warnings: 0, lines: [], omitted: 0 });
  expect(deployment.inputs('checkDeployment').map(({ area }) => area)).toEqual(AREAS);
  expect(await details(run.handle)).toContain('- well STORAGE ok: all is well with STORAGE');
  expect((await run.progress()).steps.map(({ detail }) => detail)).toEqual(AREAS.map(() => 'ready'));
});

test('a run that finds problems has not failed: they are its result, the worst first', async () => {
  const run = await runs.deploy('ill', finding(unencrypted, unmounted)).start('doctor');
  expect(await run.handle.result()).toEqual({
    ok: false,
    problems: 1,
    warnings: 1,
    lines: ['ill STORAGE problem: is not there (mount it)', 'ill SECURITY warning: not encrypted (encrypt)'],
    omitted: 0,
  });
  expect(await details(run.handle)).toContain('**doctor of ill: done**');
});

test('without a deployment all that are configured are looked at', async () => {
  runs.deploy('', { listDeployments: async () => ['one', 'other'] });
  const one = runs.deploy('one');
  const other = runs.deploy('other', finding(unmounted));
  const run = await other.startWith('doctor', []);
  expect(await run.handle.result()).toMatchObject({
    ok: false,
    lines: ['other STORAGE problem: is not there (mount it)'],
  });
  expect(one.calls().length).toBe(AREAS.length);
  expect(await details(run.handle)).toContain('**doctor of all deployments: done**');
});

test('however much is found, a payload stays under 4 kB, and the details tell it all', async () => {
  const many = AREAS.flatMap((area) =>
    Array.from(
      { length: 20 },
      (_, index): Finding => ({
        ...{ area, level: 'problem', hint: '' },
        message: `${area} ${index} ${'x'.repeat(100)}`,
      }),
    ),
  );
  const run = await runs.deploy('many', finding(...many)).start('doctor');
  const { lines, omitted, problems } = (await run.handle.result()) as {
    lines: string[];
    omitted: number;
    problems: number;
  };
  expect(problems).toBe(100);
  expect(lines.length + omitted).toBe(100);
  expect(omitted).toBeGreaterThan(50);
  const payloads = payloadsOf(JSON.parse(historyToJSON(await run.handle.fetchHistory())));
  expect(Math.max(...payloads.map(({ bytes }) => bytes))).toBeLessThan(4096);
  const told = await details(run.handle);
  for (const { message } of many) expect(told).toContain(message);
});

test('a deployment that is not configured fails the run', async () => {
  const unknown = async () => {
    throw failing('UNKNOWN_DEPLOYMENT', 'there is no deployment gone');
  };
  const run = await runs.deploy('gone', { checkDeployment: unknown }).start('doctor');
  expect(await failureOf(run)).toMatchObject({ status: 'FAILED', code: 'UNKNOWN_DEPLOYMENT' });
});

test.for([
  [{ deployment: '../x' }, 'deployment must be a name'],
  [{ deployments: ['edms'] }, 'unknown key deployments'],
  ['edms', 'the input must be one JSON object'],
] as const)('input %j ends the run at once and says what is expected', async ([input, says], { task }) => {
  const deployment = runs.deploy(`wrong-${task.id.replace(/\W/g, '')}`);
  const ending = await failureOf(await deployment.startWith('doctor', [input]));
  expect(ending).toMatchObject({ status: 'FAILED', code: 'INPUT_INVALID' });
  expect(ending.message).toContain(`doctor: ${says}`);
  expect(ending.message).toContain('{"deployment": "edms"}; known keys: deployment');
});
