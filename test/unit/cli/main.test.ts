// The real command line in a process of its own: exit codes and the exact words.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const BINARY = fileURLToPath(new URL('../../../bin/holdfast.js', import.meta.url));
let folder = '';
let config = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-cli-'));
  config = join(folder, 'holdfast.yaml');
  const yaml = `state: ${folder}/state
repositories: { local: { local: "${folder}/backups" } }
deployments:
  edms: { files: { storage: "${folder}/storage" }, repositories: [local] }
`;
  await writeFile(config, yaml, { mode: 0o600 });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const holdfast = (...args: string[]) =>
  execa(process.execPath, [BINARY, ...args], {
    reject: false,
    stdin: 'ignore',
    env: { HOLDFAST_CONFIG: config },
  });

describe('help', () => {
  it.each([
    ...['init', 'up', 'doctor', 'backup', 'list', 'show', 'status'],
    ...['restore', 'undo', 'watch', 'approve', 'decide', 'give-up'],
  ])('of %s shows an example and exits with 0', async (command) => {
    const { exitCode, stdout } = await holdfast(command, '--help');
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`Example:\n  $ holdfast ${command}`);
    expect(stdout).toContain('--config <file>');
    expect(stdout).toContain('--json');
  });

  it('loads neither Temporal nor anything else that help does not need', async () => {
    const loads = fileURLToPath(new URL('../../fixtures/print-loads.mjs', import.meta.url));
    const { stderr } = await execa(process.execPath, ['--import', loads, BINARY, '--help']);
    expect(stderr).toMatch(/loaded .*node_modules\/commander\//);
    expect(stderr).not.toMatch(/loaded .*node_modules\/(@temporalio|zod|yaml|pg|execa|@clack)\//);
  });
});

describe('wrong usage exits with 2 and names the next command', () => {
  it.each([
    [
      ['bakcup'],
      "error: unknown command 'bakcup'\nhint: did you mean backup? holdfast --help shows how it is used",
    ],
    [
      ['backup'],
      "error: missing required argument 'deployment'\nhint: holdfast backup --help shows how it is used",
    ],
    [
      ['backup', 'edms', '--nonsense'],
      "error: unknown option '--nonsense'\nhint: holdfast backup --help shows how it is used",
    ],
    [
      ['backup', 'edms', '--tier', '../x'],
      'error: tier must be a name (^[a-z0-9][a-z0-9-]{0,40}$)\nhint: holdfast backup --help shows how it is used',
    ],
    [
      ['restore', 'edms', '--only', 'everything'],
      'error: nobody is there to approve it: this is not a terminal\nhint: holdfast restore edms latest --only everything --confirm edms',
    ],
    [
      ['restore', 'edms', '--confirm', 'shop'],
      'error: --confirm shop is not the name of the deployment\nhint: holdfast restore edms latest --confirm edms',
    ],
    [
      ['restore', 'edms', '--only', 'everything', '--confirm', 'edms'],
      'error: only must be a list of database, files, database.NAME, files.NAME\nhint: holdfast restore --help shows how it is used',
    ],
    [
      ['undo', 'edms'],
      'error: nobody is there to approve it: this is not a terminal\nhint: holdfast undo edms --confirm edms',
    ],
    [
      ['approve', 'holdfast.edms.restore'],
      'error: nobody is there to approve it: this is not a terminal\nhint: holdfast approve holdfast.edms.restore --confirm DEPLOYMENT@BACKUP',
    ],
  ])('%j', async (args, expected) => {
    const { exitCode, stderr, stdout } = await holdfast(...args);
    expect({ exitCode, stderr, stdout }).toEqual({ exitCode: 2, stderr: expected, stdout: '' });
  });

  it('a repository that is not configured', async () => {
    const { exitCode, stderr } = await holdfast('list', '--repository', 'nowhere');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('error: there is no repository nowhere in ');
    expect(stderr).toContain('hint: known repositories: local');
  });

  it.each(['shop', '../../x', 'constructor'])('an unknown deployment: %s', async (name) => {
    const { exitCode, stderr } = await holdfast('show', name, 'latest');
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^error: .* has no deployment .*edms\nhint: /);
  });

  it('a configuration that is not there', async () => {
    const { exitCode, stderr } = await holdfast('list', '--config', join(folder, 'missing.yaml'));
    expect(exitCode).toBe(2);
    expect(stderr).toContain('missing.yaml');
  });
});

describe('--json', () => {
  it('gives a failure as one object, and its words on stderr', async () => {
    const { exitCode, stdout, stderr } = await holdfast('show', 'edms', '2026', '--json');
    expect(exitCode).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'UNKNOWN_BACKUP', exitCode: 3 } });
    expect(stderr).toContain('error: ');
  });

  it('lists nothing as an empty array', async () => {
    const { exitCode, stdout } = await holdfast('list', 'edms', '--json');
    expect([exitCode, JSON.parse(stdout)]).toEqual([0, []]);
  });
});
