// What is done to a log behind holdfast's back is seen: removed, changed, put in, signed by somebody else.
import { generateKeyPairSync } from 'node:crypto';
import { copyFile, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type ReadLog, readLog } from '../../src/catalog/log.js';
import { logBytes, logName } from '../../src/catalog/log-object.js';
import { publicKeyText } from '../../src/catalog/signing.js';
import { event, loggedDeployment } from '../support/log-by-hand.js';

/** Five entries in two repositories: a key, a configuration, three verifications. */
const logged = async () => {
  const deployment = await loggedDeployment();
  const agent = await deployment.agent();
  for (const id of ['1', '2', '3']) await agent.note(event(id));
  const { local, offsite } = deployment;
  const names = await deployment.names();
  const inBoth = async (act: (file: string) => Promise<unknown>, name: string) => {
    for (const { path } of [local, offsite]) await act(join(path, 'edms', 'log', name));
  };
  const of = (id: string) => names.find((name) => name.includes(id)) ?? '';
  const read = async (options: { fresh?: boolean } = {}): Promise<ReadLog> =>
    readLog(await deployment.load(), 'edms', options);
  return { ...deployment, agentOf: deployment.agent, agent, names, inBoth, of, read };
};

it('an untouched log is whole, newest first, and each entry names those who hold it', async () => {
  const { read, names } = await logged();
  for (const fresh of [true, false, false]) {
    const { entries, gaps, problems, offline } = await read({ fresh });
    expect({ gaps, problems, offline }).toEqual({ gaps: [], problems: [], offline: [] });
    expect(entries.map(({ name }) => name).sort()).toEqual(names);
    expect(entries.map(({ kind, id }) => `${kind} ${Number(id) || ''}`)).toEqual([
      ...['verify 3', 'verify 2', 'verify 1', 'configuration ', 'key '],
    ]);
    for (const { repositories, signer } of entries)
      expect({ repositories, signer: signer.kind }).toEqual({
        repositories: ['local', 'offsite'],
        signer: 'this host',
      });
  }
});

it.each(['verify-0000000001', 'verify-0000000002', '-key-'])('%s removed everywhere is a gap', async (id) => {
  const { read, inBoth, of } = await logged();
  await inBoth((file) => rm(file), of(id));
  expect((await read()).gaps).toEqual([expect.stringContaining(`names ${of(id)}, which is nowhere`)]);
});

it('the last entry removed everywhere is missed by the host that wrote it', async () => {
  const { read, inBoth, of } = await logged();
  const last = of('verify-0000000003');
  await inBoth((file) => rm(file), last);
  expect((await read()).gaps).toEqual([`${last} is nowhere, and this host knows that it was the last one`]);
});

it('removed in one repository alone, the other one still has it', async () => {
  const { read, local, of } = await logged();
  await rm(join(local.path, 'edms', 'log', of('verify-0000000002')));
  const { gaps, entries } = await read();
  expect(gaps).toEqual([]);
  expect(entries.find(({ name }) => name === of('verify-0000000002'))?.repositories).toEqual(['offsite']);
});

it('a byte flipped or the end cut anywhere in an entry is a problem and a gap, never another entry', async () => {
  const { read, inBoth, local, offsite, of } = await logged();
  const name = of('verify-0000000002');
  const whole = await readFile(join(local.path, 'edms', 'log', name));
  const restore = () => inBoth((file) => writeFile(file, whole), name);
  const text = whole.toString();
  const offsets = [
    0,
    text.indexOf('ed25519:') + 9,
    text.indexOf('signature') + 14,
    text.indexOf('intact'),
    text.length - 3,
  ];
  for (const offset of offsets) {
    const changed = Buffer.from(whole);
    changed[offset] = (changed[offset] ?? 0) ^ 1;
    for (const bytes of [changed, whole.subarray(0, offset)]) {
      await inBoth((file) => writeFile(file, bytes), name);
      const { entries, gaps, problems } = await read({ fresh: true });
      expect(entries.map((entry) => entry.name)).not.toContain(name);
      expect(gaps).toHaveLength(1);
      expect(problems).toEqual([
        `${name} in local is not an entry as it was signed`,
        `${name} in offsite is not an entry as it was signed`,
      ]);
      await restore();
    }
  }
  expect((await read({ fresh: true })).problems).toEqual([]);
  expect(offsite.name).toBe('offsite');
});

it('an entry under another name, of another deployment, or no entry at all is a problem', async () => {
  const { read, local, of } = await logged();
  const folder = join(local.path, 'edms', 'log');
  const renamed = of('verify-0000000002').replace('0000000002', '0000000009');
  await copyFile(join(folder, of('verify-0000000002')), join(folder, renamed));
  await writeFile(join(folder, 'notes.txt'), 'all was well');
  expect((await read()).problems.sort()).toEqual([
    `${renamed} in local is not an entry as it was signed`,
    'notes.txt in local is not an entry as it was signed',
  ]);
});

it('an entry that somebody else has signed is shown and named, unless that key is trusted', async () => {
  const { read, configure, local, agent } = await logged();
  const { privateKey } = generateKeyPairSync('ed25519');
  const key = { privateKey, publicKey: publicKeyText(privateKey) };
  const [newest] = (await read()).entries;
  const { sha256 } = JSON.parse(await readFile(join(agent.state, 'log', 'edms', 'head.json'), 'utf8')).last;
  const forged = {
    ...event('7', { outcome: 'restored', kind: 'drill' as const }),
    ...{ version: 1 as const, instance: 'fedcba9876543210', holdfastVersion: '0.1.0' },
    previous: { name: newest?.name ?? '', sha256 },
  };
  await writeFile(join(local.path, 'edms', 'log', logName(forged)), logBytes(forged, key));
  const { problems, gaps } = await read();
  expect(problems).toEqual([`${logName(forged)} is signed by ${key.publicKey}, which is not trusted here`]);
  expect(gaps).toEqual([]);
  await configure({}, 'state', [key.publicKey]);
  expect((await read()).problems).toEqual([]);
});

it('a state folder that was put back to an earlier state forks the chain, which is seen', async () => {
  const { read, agent } = await logged();
  const head = join(agent.state, 'log', 'edms', 'head.json');
  await copyFile(head, `${head}.earlier`);
  await agent.note(event('4'));
  await rename(`${head}.earlier`, head);
  await agent.note(event('5'));
  const { gaps } = await read();
  expect(gaps).toEqual([
    expect.stringMatching(/verify-0000000004.* and .*verify-0000000005.* name the same one/),
  ]);
});

it('two hosts may go on behind the same entry', async () => {
  const { read, configure, agent: first, agentOf } = await logged();
  await configure({}, 'another-state');
  await (await agentOf('fedcba9876543210')).note(event('8'));
  await configure({}, 'state');
  await first.note(event('9'));
  expect((await read()).gaps).toEqual([]);
});
