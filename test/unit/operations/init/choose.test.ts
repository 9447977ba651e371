import { describe, expect, it } from 'vitest';
import type { Failure } from '../../../../src/domain/failure.js';
import type { Candidate } from '../../../../src/operations/init/candidate.js';
import { chooseCandidate, type Narrowing } from '../../../../src/operations/init/choose.js';

const compose = (kind: 'here' | 'elsewhere', project: string, service: string): Candidate => ({
  ...{ kind, label: `service ${service} of the Compose project ${project}`, name: project },
  database: { kind: 'compose', project, service, name: 'app', user: 'app', password: null },
  ...{ folders: [], services: null, remarks: [] },
});

const variable: Candidate = {
  ...{ kind: 'variable', label: 'DATABASE_URL in the environment', name: 'app' },
  database: { kind: 'url', url: 'env:DATABASE_URL', remarks: [] },
  ...{ folders: [], services: null, remarks: [] },
};

const choose = (candidates: Candidate[], narrowing: Narrowing = {}, unreadable: string | null = null) =>
  chooseCandidate({ candidates, unreadable }, narrowing);

const refusal = (act: () => unknown): Pick<Failure, 'message' | 'hint'> => {
  try {
    act();
  } catch (error) {
    const { message, hint } = error as Failure;
    return { message, hint };
  }
  throw new Error('it was not refused');
};

describe('without a question', () => {
  it('the only database is taken, and nothing where there is none', () => {
    expect(choose([variable])).toBe(variable);
    expect(choose([])).toBeNull();
  });

  it('this folder’s own project comes before a variable, and that before projects elsewhere', () => {
    const here = compose('here', 'edms', 'db');
    expect(choose([compose('elsewhere', 'blog', 'db'), variable, here])).toBe(here);
    expect(choose([compose('elsewhere', 'blog', 'db'), variable])).toBe(variable);
  });

  it('of several, the options that decide are named', () => {
    const two = [compose('here', 'edms', 'db'), compose('here', 'edms', 'audit')];
    expect(refusal(() => choose(two))).toEqual({
      message:
        'several databases are here: service db of the Compose project edms; service audit of the Compose project edms',
      hint: 'name the one that is meant: --project edms --service db',
    });
    expect(choose(two, { service: 'audit' })).toBe(two[1]);
    const projects = [compose('elsewhere', 'edms', 'db'), compose('elsewhere', 'blog', 'db')];
    expect(refusal(() => choose(projects)).hint).toContain('--project edms --service db');
    expect(choose(projects, { project: 'blog' })).toBe(projects[1]);
  });

  it('an option that names nothing is answered with what there is', () => {
    expect(refusal(() => choose([compose('here', 'edms', 'db')], { project: 'emds' }))).toEqual({
      message: 'no PostgreSQL was found in Compose project emds',
      hint: 'there is: service db of the Compose project edms',
    });
    expect(refusal(() => choose([variable], { service: 'db' })).hint).toContain('--database-url');
  });

  it('a Compose file that cannot be read is not passed over for somebody else’s database', () => {
    const broken = '/srv/edms/compose.yaml is not YAML: line 3, column 1';
    const other = [compose('elsewhere', 'blog', 'db')];
    expect(refusal(() => choose(other, {}, broken))).toEqual({
      message: broken,
      hint: 'mend that file, or name the database: --database-url REFERENCE',
    });
    expect(choose([variable], {}, broken)).toBe(variable);
  });
});
