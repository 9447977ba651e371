// What nobody answers for any more: side databases and folders that are not kept for undo, records, part files, unfinished
// files in the repository, sessions, programs.
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, vi } from 'vitest';
import type { Scenario } from './scenario.js';
import { programsOf } from './scenario-processes.js';

/** Waits a moment for what is ending anyway. @param trees paths of the deployments' trees */
export const expectNothingLeft = async (
  scenario: Scenario,
  trees: readonly string[] = [],
  withinMs = 5_000,
): Promise<void> => {
  await vi.waitFor(async () => expect(await leftovers(scenario, trees)).toEqual([]), {
    timeout: withinMs,
    interval: 100,
  });
};

const leftovers = async (scenario: Scenario, trees: readonly string[] = []): Promise<string[]> => {
  const kept = await keptNames(scenario);
  const beside = [...(await sideDatabases(scenario)), ...(await sideFolders(trees))];
  return [
    ...beside.filter((name) => !kept.includes(name)),
    ...kept.filter((name) => !beside.includes(name)).map((name) => `kept, but gone: ${name}`),
    ...(await stateLeftovers(scenario)),
    ...(await repositoryLeftovers(scenario)),
    ...(await sessions(scenario)),
    ...(await programsOf(scenario.user)).map(({ words }) => `program: ${words}`),
  ];
};

/** Side databases and folders that state remembers for undo. */
const keptNames = async ({ state }: Scenario): Promise<string[]> => {
  const files = await readdir(join(state, 'kept'), { recursive: true }).catch(() => []);
  const sets = files.filter((name) => name.endsWith('.json')).map((name) => join(state, 'kept', name));
  const texts = await Promise.all(sets.map((file) => readFile(file, 'utf8')));
  return texts
    .map((text) => JSON.parse(text))
    .flatMap(({ databases, trees }) => [
      ...databases.map(({ side }: { side: string }) => side),
      ...trees.map(({ folder }: { folder: string }) => folder),
    ]);
};

/** Stories may share a server: what is a story's own carries its instance. */
const instanceOf = async ({ state }: Scenario): Promise<string> => {
  const text = await readFile(join(state, 'instance.json'), 'utf8').catch(() => '{"instance": "none"}');
  return JSON.parse(text).instance;
};

const sideDatabases = async (scenario: Scenario): Promise<string[]> => {
  const rows = await scenario.cluster.query(
    'postgres',
    `select datname, coalesce(shobj_description(oid, 'pg_database'), '') as comment
      from pg_database where datname like 'holdfast\\_%' order by 1`,
  );
  const marked = `holdfast:${await instanceOf(scenario)}:`;
  return rows
    .filter(({ comment }) => comment === '' || String(comment).startsWith(marked))
    .map(({ datname }) => String(datname));
};

/** Beside a tree, in it, and beside the nearest folder above it that exists. */
const sideFolders = async (trees: readonly string[]): Promise<string[]> => {
  const places = new Set(trees.flatMap((tree) => [tree, dirname(tree), dirname(dirname(tree))]));
  const found = await Promise.all(
    [...places].map(async (place) =>
      (await readdir(place).catch(() => []))
        .filter((name) => name.startsWith('.holdfast-'))
        .map((name) => join(place, name)),
    ),
  );
  return [...new Set(found.flat())];
};

/** What an agent with nothing to do keeps in its state folder. */
const KEPT = [
  String.raw`instance\.json`,
  String.raw`keys(\/signing\.pem)?`,
  String.raw`log(\/[a-z0-9-]+(\/(head\.json|noted|outbox))?)?`,
  String.raw`(agent|supervisor)\.json`,
  String.raw`(agent|up)\.log(\.1)?`,
  String.raw`temporal(\/.*)?`,
  String.raw`notify(\/runs(\/[0-9a-f-]{36}\.json)?)?`,
  // Until one of the same kind succeeds.
  String.raw`notify\/troubles(\/([a-z0-9-]+|_)(\/[a-z]+\.([a-z0-9-]+|_)\.json)?)?`,
  'operations|runs|drill|processes',
  String.raw`cache(\/.*)?`,
  String.raw`copies(\/[a-z0-9-]+){0,2}`,
  // Of a run that is closed a hold goes within a minute.
  String.raw`holds(\/[a-z0-9-]+(\/[0-9a-f-]{36}\.json)?)?`,
  String.raw`removals(\/[a-z0-9-]+)?`,
  String.raw`removed(\/[a-z0-9-]+\.json)?`,
  String.raw`kept(\/[a-z0-9-]+(\/[0-9a-f]{10}\.json)?)?`,
];

const EXPECTED = new RegExp(`^(?:${KEPT.join('|')})$`);

const stateLeftovers = async ({ state }: Scenario): Promise<string[]> =>
  (await readdir(state, { recursive: true }).catch(() => []))
    .filter((name) => !EXPECTED.test(name))
    .map((name) => `state/${name}`);

/** A folder without a manifest is not a backup; no unfinished file stays. */
const repositoryLeftovers = async ({ repository }: Scenario): Promise<string[]> => {
  const names = (await readdir(repository, { recursive: true })).map(String);
  const folders = names.filter((name) => /^[^/]+\/\d{8}T\d{6}Z-[^/]+$/.test(name));
  return [
    ...folders
      .filter((name) => !names.includes(`${name}/manifest.json`))
      .map((name) => `no manifest: ${name}`),
    ...names.filter((name) => /(^|\/)\./.test(name)).map((name) => `unfinished: ${name}`),
  ];
};

const sessions = async (scenario: Scenario): Promise<string[]> => {
  const rows = await scenario.cluster.query(
    'postgres',
    `select application_name, left(query, 80) as query from pg_stat_activity
      where application_name like 'holdfast:${await instanceOf(scenario)}:%'`,
  );
  return rows.map((row) => `session ${row.application_name}: ${row.query}`);
};
