import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDrillRequest } from '../../../src/domain/drills.js';
import { Failure } from '../../../src/domain/failure.js';
import { isBackupId, isName } from '../../../src/domain/names.js';
import {
  isSelected,
  parseBackupRequest,
  parseRestoreRequest,
  parseSettleRequest,
} from '../../../src/domain/requests.js';

const REQUESTS = {
  backup: { parse: parseBackupRequest, keys: ['deployment', 'type', 'tier', 'takeOver', 'drill'] },
  restore: {
    parse: parseRestoreRequest,
    keys: [
      'deployment',
      'backup',
      'repository',
      'only',
      'mode',
      'withoutSafetyBackup',
      'leaveStopped',
      'allowUnsigned',
      'confirm',
    ],
  },
  drill: { parse: parseDrillRequest, keys: ['deployment', 'backup', 'repository', 'allowUnsigned'] },
  settle: { parse: parseSettleRequest, keys: ['deployment'] },
} as const;

const refusal = (parse: (input: unknown) => unknown, input: unknown): Failure => {
  try {
    parse(input);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error(`accepted ${JSON.stringify(input)}`);
};

describe.each(Object.entries(REQUESTS))('%s', (workflow, { parse, keys }) => {
  it('never accepts a key that it does not know, and names it and those it knows', () => {
    const unknown = fc.string().filter((key) => !keys.some((known) => known === key));
    fc.assert(
      fc.property(unknown, fc.jsonValue(), (key, value) => {
        const input = JSON.parse(JSON.stringify({ deployment: 'edms', [key]: value }));
        fc.pre(Object.hasOwn(input, key));
        const { code, message, hint } = refusal(parse, input);
        expect(code).toBe('INPUT_INVALID');
        expect(message).toBe(`${workflow}: unknown key ${key}`);
        expect(hint).toContain(`known keys: ${keys.join(', ')}`);
      }),
    );
  });

  it('is not deceived by a key called __proto__', () => {
    const input: unknown = JSON.parse('{"deployment": "edms", "__proto__": {"tier": "x"}}');
    expect(refusal(parse, input).message).toContain('__proto__');
  });

  it('names all unknown keys at once', () => {
    expect(refusal(parse, { deployment: 'edms', a: 1, b: 2 }).message).toBe(`${workflow}: unknown keys a, b`);
  });

  it.each([undefined, null, 'edms', 7, true, [], [{ deployment: 'edms' }]])(
    'says what one object it expects when it is given %j',
    (input) => {
      const { code, message, hint } = refusal(parse, input);
      expect(code).toBe('INPUT_INVALID');
      expect(message).toMatch(input === undefined ? /no input was given/ : /must be one JSON object/);
      expect(hint).toMatch(/^give one JSON object such as \{"deployment": "edms".*; known keys: deployment/);
    },
  );

  it('gives the example in its hint as one that it accepts', () => {
    const example = /such as (\{.*?\});/.exec(refusal(parse, undefined).hint)?.[1] ?? '';
    expect(parse(JSON.parse(example))).toMatchObject({ deployment: 'edms' });
  });

  it('names the known keys in every refusal, whatever it is given', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (input) => {
        const { code, hint, retryable } = refusal(parse, input);
        expect(code).toBe('INPUT_INVALID');
        expect(retryable).toBe(false);
        for (const key of keys) expect(hint).toContain(key);
      }),
    );
  });

  it.each([undefined, null, '', 'Edms', '../../x', 'a b', 5, {}, ['edms']])(
    'needs a name, not %j',
    (given) => {
      const { message } = refusal(parse, { deployment: given });
      expect(message).toContain(`${workflow}: deployment must be a name`);
    },
  );
});

describe('what is accepted', () => {
  const anything = fc.oneof(
    fc.constantFrom(undefined, null, 'full', 'files', 'latest', 'previous', 'a', '../x', 'database.main'),
    fc.constantFrom<unknown>('20260111T224748Z-full-3f9a', ['files'], ['files.a', 'database'], ['x'], []),
    fc.jsonValue(),
  );

  it('of a backup holds nothing but names', () => {
    fc.assert(
      fc.property(anything, anything, (type, tier) => {
        try {
          const request = parseBackupRequest({ deployment: 'edms', type, tier });
          expect(['full', 'database', 'files']).toContain(request.type);
          expect(isName(request.tier)).toBe(true);
        } catch (error) {
          expect(error).toMatchObject({ code: 'INPUT_INVALID' });
        }
      }),
    );
  });

  it('of a restore holds nothing but names, ids and selectors', () => {
    fc.assert(
      fc.property(anything, anything, anything, (backup, repository, only) => {
        try {
          const request = parseRestoreRequest({ deployment: 'edms', backup, repository, only });
          expect(['latest', 'previous'].includes(request.backup) || isBackupId(request.backup)).toBe(true);
          expect(request.repository === null || isName(request.repository)).toBe(true);
          for (const selector of request.only) expect(selector).toMatch(/^(database|files)(\.[a-z0-9-]+)?$/);
        } catch (error) {
          expect(error).toMatchObject({ code: 'INPUT_INVALID' });
        }
      }),
    );
  });

  it('has defaults for what is left out or null', () => {
    expect(parseBackupRequest({ deployment: 'edms', type: null })).toEqual({
      deployment: 'edms',
      type: 'full',
      tier: 'manual',
      takeOver: false,
      drill: false,
    });
    expect(parseBackupRequest({ deployment: 'edms', pin: true })).toMatchObject({ pin: true });
    expect(parseRestoreRequest({ deployment: 'edms', only: null })).toEqual({
      deployment: 'edms',
      backup: 'latest',
      repository: null,
      only: [],
      mode: 'swap',
      withoutSafetyBackup: false,
      leaveStopped: false,
      allowUnsigned: false,
      confirm: null,
    });
    expect(parseDrillRequest({ deployment: 'edms' })).toEqual({
      deployment: 'edms',
      backup: 'latest',
      repository: null,
      allowUnsigned: false,
    });
    expect(parseSettleRequest({ deployment: 'edms' })).toEqual({ deployment: 'edms' });
  });

  it.each([
    ['backup', 'type', 'incremental', 'type must be one of full, database, files'],
    ['backup', 'tier', 'Nightly', 'tier must be a name'],
    ['restore', 'backup', '20260111', 'backup must be "latest", "previous" or a backup’s id'],
    ['restore', 'repository', 's3://x', 'repository must be the name of a repository'],
    ['restore', 'only', 'files', 'only must be a list of database, files, database.NAME, files.NAME'],
    ['restore', 'only', ['files.../x'], 'only must be a list'],
    ['restore', 'mode', 'over', 'mode must be one of swap, in-place'],
    ['restore', 'withoutSafetyBackup', 'yes', 'withoutSafetyBackup must be true or false'],
    ['restore', 'withoutSafetyBackup', true, 'makes sense only with "mode": "in-place"'],
    ['drill', 'backup', 'previous', 'backup must be "latest" or a backup’s id'],
    ['restore', 'confirm', '', 'confirm must be the text DEPLOYMENT@BACKUP-ID'],
  ] as const)('of %s has no %s %j', (workflow, key, value, expected) => {
    const { parse } = REQUESTS[workflow];
    expect(refusal(parse, { deployment: 'edms', [key]: value }).message).toContain(expected);
  });
});

it('what a restore replaced is not asked for in place', () => {
  const input = { deployment: 'edms', backup: 'previous', mode: 'in-place' };
  expect(refusal(parseRestoreRequest, input).message).toContain('cannot be restored in place');
});

describe('selecting', () => {
  it('takes everything when nothing is selected', () => {
    expect(isSelected([], 'database', 'main')).toBe(true);
    expect(isSelected([], 'files', 'storage')).toBe(true);
  });

  it('takes a kind, or one of a kind', () => {
    expect(isSelected(['files'], 'files', 'storage')).toBe(true);
    expect(isSelected(['files'], 'database', 'main')).toBe(false);
    expect(isSelected(['files.media'], 'files', 'storage')).toBe(false);
    expect(isSelected(['files.media', 'database.main'], 'database', 'main')).toBe(true);
    expect(isSelected(['database.main'], 'database', 'main2')).toBe(false);
  });
});
