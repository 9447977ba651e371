import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunKind } from '../../src/domain/progress.js';
import { failureOf } from './ending.js';
import { startRuns, type WorkflowRuns } from './workflow-runs.js';

let runs: WorkflowRuns;
beforeAll(async () => {
  runs = await startRuns();
});
afterAll(() => runs.stop());

const BACKUP_KEYS = 'known keys: deployment, type, tier, takeOver, drill';
const RESTORE_KEYS =
  'known keys: deployment, backup, repository, only, mode, withoutSafetyBackup, leaveStopped, allowUnsigned, confirm, recovery';

const WRONG: [kind: RunKind, args: unknown[], says: string, keys: string][] = [
  ['backup', [], 'no input was given', BACKUP_KEYS],
  ['backup', [null], 'the input must be one JSON object', BACKUP_KEYS],
  ['backup', ['edms'], 'the input must be one JSON object', BACKUP_KEYS],
  ['backup', [['edms']], 'the input must be one JSON object', BACKUP_KEYS],
  ['backup', [{}], 'deployment must be a name', BACKUP_KEYS],
  ['backup', [{ deployment: '../../x' }], 'deployment must be a name', BACKUP_KEYS],
  ['backup', [{ deployment: 7 }], 'deployment must be a name', BACKUP_KEYS],
  ['backup', [{ deployment: 'edms', path: '/etc' }], 'unknown key path', BACKUP_KEYS],
  ['backup', [{ deployment: 'edms', a: 1, b: 2 }], 'unknown keys a, b', BACKUP_KEYS],
  ['backup', [{ deployment: 'edms', type: 'all' }], 'type must be one of full, database, files', BACKUP_KEYS],
  ['backup', [{ deployment: 'edms', tier: 'No' }], 'tier must be a name', BACKUP_KEYS],
  ['restore', [], 'no input was given', RESTORE_KEYS],
  ['restore', [{ deployment: 'edms', backup: '../x' }], 'backup must be "latest", "previous"', RESTORE_KEYS],
  [
    'restore',
    [{ deployment: 'edms', only: 'files' }],
    'only must be a list of database, files',
    RESTORE_KEYS,
  ],
  ['restore', [{ deployment: 'edms', repository: '/' }], 'repository must be the name', RESTORE_KEYS],
  [
    'restore',
    [{ deployment: 'edms', leaveStopped: 'yes' }],
    'leaveStopped must be true or false',
    RESTORE_KEYS,
  ],
  ['restore', [{ deployment: 'edms', confirm: true }], 'confirm must be the text', RESTORE_KEYS],
  ['restore', [{ deployment: 'edms', force: true }], 'unknown key force', RESTORE_KEYS],
  ['settle', [], 'no input was given', 'known keys: deployment'],
  ['settle', [{ deployment: 'edms', force: true }], 'unknown key force', 'known keys: deployment'],
];

test.concurrent.for(WRONG.map((row, index) => [index, ...row] as const))(
  'input %i, %s with %j, ends the run at once, says what is wrong and which keys are known',
  async ([index, kind, args, says, keys]) => {
    const deployment = runs.deploy(`wrong-${index}`);
    const ending = await failureOf(await deployment.startWith(kind, args));
    expect(ending).toMatchObject({ status: 'FAILED', code: 'INPUT_INVALID' });
    expect(ending.message).toContain(`${kind}: ${says}`);
    expect(ending.message).toContain('give one JSON object such as {"deployment": "edms"');
    expect(ending.message).toContain(keys);
    expect(ending.details).toEqual([{ hint: expect.stringContaining(keys), evidence: '' }]);
    expect(deployment.calls()).toEqual([]);
  },
);
