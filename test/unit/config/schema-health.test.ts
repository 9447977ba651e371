import { describe, expect, test } from 'vitest';
import { healthOf } from '../../../src/config/health-of.js';
import { healthProblems } from '../../../src/config/health-problems.js';
import { pathText } from '../../../src/config/problem.js';
import { healthSchema } from '../../../src/config/schema-health.js';
import { shapeProblems } from '../../../src/config/shape-problems.js';
import { parseYaml } from '../../../src/config/yaml.js';

const yamlValue = (yaml: string): unknown => {
  const parsed = parseYaml(yaml);
  if ('problems' in parsed) throw new Error(`not YAML: ${yaml}`);
  return parsed.value;
};

const settingsOf = (yaml: string) => healthOf(healthSchema.parse(yamlValue(yaml)), ['main', 'audit']);

const checkOf = (yaml: string) => settingsOf(`checks: [ ${yaml} ]`).checks[0];

const problemsOf = (yaml: string): string[] => {
  const value = yamlValue(yaml);
  const outcome = healthSchema.safeParse(value);
  if (outcome.success) return [];
  return shapeProblems(outcome.error.issues, value).map(({ path, text }) => `${pathText(path)}: ${text}`);
};

describe('what is left out has a default', () => {
  test('no health at all', () => {
    expect(healthOf(undefined, [])).toEqual({ withinMs: 120_000, checks: [] });
  });

  test('within, status and database', () => {
    const yaml =
      'checks: [ { http: { url: "http://localhost:8000/health" } }, { sql: { query: select true } } ]';
    expect(settingsOf(yaml)).toEqual({
      withinMs: 120_000,
      checks: [
        { kind: 'http', url: 'http://localhost:8000/health', status: 200, contains: null, json: null },
        { kind: 'sql', query: 'select true', database: 'main' },
      ],
    });
    expect(settingsOf(`within: 30s\n${yaml}`).withinMs).toBe(30_000);
  });
});

describe('every kind is read', () => {
  test.each([
    [
      '{ http: { url: "https://x/h", status: 302, contains: ok, json: { path: "$.a[0].b", equals: null } } }',
      {
        kind: 'http',
        url: 'https://x/h',
        status: 302,
        contains: 'ok',
        json: { path: '$.a[0].b', equals: null },
      },
    ],
    ['{ tcp: "localhost:6379" }', { kind: 'tcp', host: 'localhost', port: 6379 }],
    ['{ tcp: "[::1]:6379" }', { kind: 'tcp', host: '::1', port: 6379 }],
    ['{ tcp: { host: "::1", port: 6379 } }', { kind: 'tcp', host: '::1', port: 6379 }],
    ['{ command: [curl, -f, x] }', { kind: 'command', command: ['curl', '-f', 'x'] }],
    ['{ sql: { query: select 1, database: audit } }', { kind: 'sql', query: 'select 1', database: 'audit' }],
    [
      '{ container: edms-web-1 }',
      { kind: 'container', container: { kind: 'container', name: 'edms-web-1' } },
    ],
    [
      '{ container: { compose: { project: edms, service: web } } }',
      { kind: 'container', container: { kind: 'compose', project: 'edms', service: 'web' } },
    ],
  ])('%s', (yaml, check) => {
    expect(checkOf(yaml)).toEqual(check);
  });
});

const WRONG_URL = 'checks[0].http.url: must be a URL such as http://localhost:8000/health';
const WRONG_PLACE = 'checks[0].tcp: must be HOST:PORT, such as localhost:8000';
const WRONG_PATH =
  'checks[0].http.json.path: must be the path of one value, such as checks.database or items[0].state';
const SECRET_URL =
  'checks[0].http.url: holds a user or a password, and secrets are not written here; check a page that needs none';

describe('what is wrong is said with its place', () => {
  test.each([
    ['within: 2m', 'checks: is missing'],
    ['checks: []', 'checks: must name at least one'],
    ['within: soon\nchecks: [ { tcp: "x:1" } ]', 'within: must be a duration such as 90s, 30m, 12h or 30d'],
    ['within: 2h\nchecks: [ { tcp: "x:1" } ]', 'within: must be at most 1h'],
    ['checks: [ {} ]', 'checks[0]: needs one of http, tcp, command, sql, container'],
    [
      'checks: [ { tcp: "x:1", container: web } ]',
      'checks[0]: has tcp and container; make each a check of its own',
    ],
    ['checks: [ { htp: { url: "http://x" } } ]', 'checks[0].htp: is not a known key; did you mean http?'],
    ['checks: [ { http: { url: "ftp://x/" } } ]', WRONG_URL],
    ['checks: [ { http: { url: localhost } } ]', WRONG_URL],
    ['checks: [ { http: { url: "http://me:hunter2@x/" } } ]', SECRET_URL],
    [
      'checks: [ { http: { url: "http://x", status: 20 } } ]',
      'checks[0].http.status: must be a status code from 200 to 599',
    ],
    ['checks: [ { http: { url: "http://x", contains: "" } } ]', 'checks[0].http.contains: must not be empty'],
    [
      'checks: [ { http: { url: "http://x", json: { path: a } } } ]',
      'checks[0].http.json.equals: is missing',
    ],
    ['checks: [ { http: { url: "http://x", json: { path: "a..b", equals: 1 } } } ]', WRONG_PATH],
    ['checks: [ { http: { url: "http://x", json: { path: "$", equals: 1 } } } ]', WRONG_PATH],
    ['checks: [ { tcp: localhost } ]', WRONG_PLACE],
    ['checks: [ { tcp: "::1:80" } ]', WRONG_PLACE],
    ['checks: [ { tcp: "x:0" } ]', WRONG_PLACE],
    ['checks: [ { tcp: { host: x } } ]', 'checks[0].tcp.port: is missing'],
    [
      'checks: [ { tcp: { host: "x:1", port: 1 } } ]',
      'checks[0].tcp.host: must be a host name or an address',
    ],
    [
      'checks: [ { command: curl } ]',
      'checks[0].command: must be a list of a program and its arguments, such as [python, manage.py, migrate]',
    ],
    ['checks: [ { sql: { query: " " } } ]', 'checks[0].sql.query: must be a query whose first value is true'],
  ])('%s', (yaml, problem) => {
    expect(problemsOf(yaml)).toEqual([problem]);
  });
});

describe('a query', () => {
  const problems = (yaml: string, databases: string[]) =>
    healthProblems(healthSchema.parse(yamlValue(yaml)), databases, ['deployments', 'edms']).map(
      ({ path, text }) => `${pathText(path)}: ${text}`,
    );
  const yaml = 'checks: [ { tcp: "x:1" }, { sql: { query: select true, database: audti } } ]';

  test('names a database of its deployment', () => {
    expect(problems(yaml, ['main', 'audit'])).toEqual([
      'deployments.edms.health.checks[1].sql.database: names audti, which is not a database of this deployment; did you mean audit?',
    ]);
    expect(problems(yaml, ['audti'])).toEqual([]);
  });

  test('is refused where there is no database', () => {
    expect(problems(yaml, [])).toEqual([
      'deployments.edms.health.checks[1].sql: asks a database, and this deployment has none',
    ]);
  });
});
