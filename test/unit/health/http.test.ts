import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HealthCheckSettings } from '../../../src/config/service-settings.js';
import { openHealthCheck } from '../../../src/health/open-health-check.js';
import { type ServedPage, servedPage } from '../../support/served-page.js';

let page: ServedPage;
beforeEach(async () => {
  page = await servedPage();
});
afterEach(() => page.close());

type Http = Extract<HealthCheckSettings, { kind: 'http' }>;

const seen = async (settings: Partial<Http>): Promise<string> => {
  const given: Http = { kind: 'http', url: page.url, status: 200, contains: null, json: null, ...settings };
  const check = openHealthCheck(given, { query: () => Promise.reject(new Error('not asked')) });
  const { ok, words, label } = await check.check(new AbortController().signal);
  expect(words.startsWith(`${label} `)).toBe(true);
  return `${ok ? 'passes' : 'fails'}: it ${words.slice(label.length + 1)}`;
};

describe('a status', () => {
  test('is the first answer’s: a redirect is not followed', async () => {
    page.answer({ status: 302, headers: { location: `${page.url}/login` } });
    expect(await seen({})).toBe('fails: it answered 302 instead of 200');
    expect(await seen({ status: 302 })).toBe('passes: it answered 302');
    expect(page.asked).toEqual(['/', '/']);
  });

  test('is asked for anew on a connection of its own', async () => {
    page.answer({ status: 200 });
    expect(await seen({})).toBe('passes: it answered 200');
    page.answer('hang up');
    expect(await seen({})).toBe('fails: it closed the connection before it had answered');
    page.answer({ status: 200 });
    expect(await seen({})).toBe('passes: it answered 200');
  });
});

describe('a body', () => {
  test('must hold the text', async () => {
    page.answer({ body: '{"status":"ok"}' });
    expect(await seen({ contains: '"ok"' })).toBe('passes: it answered 200');
    expect(await seen({ contains: 'fine' })).toBe(
      'fails: it answered with a body that does not contain "fine"',
    );
  });

  test('that is very long is read for its first MB only', async () => {
    page.answer({ body: `begin${' '.repeat(3_000_000)}end` });
    expect(await seen({ contains: 'begin' })).toBe('passes: it answered 200');
    expect(await seen({ contains: 'end' })).toBe(
      'fails: it answered with a body that does not contain "end" in its first MB',
    );
    expect(await seen({ json: { path: 'a', equals: 1 } })).toBe(
      'fails: it answered with more than 1 MB, too much to read as JSON',
    );
  });

  test.each([
    [
      { path: 'checks.database', equals: 'up' },
      'fails: it says that $.checks.database is "down" instead of "up"',
    ],
    [{ path: '$.checks.database', equals: 'down' }, 'passes: it answered 200'],
    [{ path: 'items.0.state', equals: true }, 'passes: it answered 200'],
    [
      { path: '$.items[1].state', equals: true },
      'fails: it says that $.items.1.state is null instead of true',
    ],
    [{ path: 'items[1].state', equals: null }, 'passes: it answered 200'],
    [{ path: 'items', equals: 2 }, 'fails: it says that $.items is a list instead of 2'],
    [{ path: 'checks', equals: 'up' }, 'fails: it says that $.checks is an object instead of "up"'],
    [{ path: 'checks.cache', equals: 'up' }, 'fails: it answered with a body without $.checks.cache'],
    [{ path: 'checks.toString', equals: null }, 'fails: it answered with a body without $.checks.toString'],
  ])('must have the JSON value %j', async (json, words) => {
    page.answer({ body: '{"checks":{"database":"down"},"items":[{"state":true},{"state":null}]}' });
    expect(await seen({ json })).toBe(words);
  });

  test('must be JSON where a value of it is asked for', async () => {
    page.answer({ body: '<html>' });
    expect(await seen({ json: { path: 'a', equals: 1 } })).toBe(
      'fails: it answered with a body that is not JSON',
    );
  });

  test('of another status is not looked into', async () => {
    page.answer({ status: 500, body: 'ok' });
    expect(await seen({ contains: 'ok' })).toBe('fails: it answered 500 instead of 200');
  });
});

describe('what does not answer', () => {
  test('refuses the connection', async () => {
    const { url } = page;
    await page.close();
    expect(await seen({ url })).toBe('fails: it refused the connection');
    const byName = url.replace('127.0.0.1', 'localhost');
    expect(await seen({ url: byName })).toBe('fails: it refused the connection');
    page = await servedPage();
  });

  test('has a host name that nobody knows', async () => {
    expect(await seen({ url: 'http://holdfast.invalid/health' })).toMatch(
      /^fails: it has a host name that (does not resolve|cannot be looked up now)$/,
    );
  });

  test('speaks another protocol', async () => {
    expect(await seen({ url: page.url.replace('http:', 'https:') })).toMatch(
      /^fails: it cannot be reached: /,
    );
  });
});
