import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { rememberingRegister } from '../support/programs.js';
import { bytesOf, decoded, sha256, shellSource, storeContext } from '../support/repository.js';
import { type Given, storedName } from './repository-suite.js';

const NAME = 'database.main.dump';

export const storePromises = (given: Given): void => {
  const key = (name = NAME) => `edms/b1/${storedName(given(), name)}`;
  it('stores what a pipeline of programs gives, in one pass, and says exactly what it stored', async () => {
    const source = shellSource(NAME, 'seq 1 300000', 'sed s/7/seven/');
    const stored = await given().repository.store('edms/b1', source, storeContext());
    const bytes = await bytesOf(await given().repository.open(key()));
    expect(stored).toMatchObject({
      name: storedName(given(), NAME),
      bytes: bytes.length,
      sha256: sha256(bytes),
      rawBytes: decoded(bytes).length,
      transforms: given().storesAsGiven ? [] : ['zstd'],
    });
    expect(decoded(bytes).toString().split('\n').at(-2)).toBe('300000');
    expect(decoded(bytes).toString().split('\n')[16]).toBe('1seven');
    expect(await given().everything()).toEqual([key()]);
  });

  it('stores a source that gives nothing as an artifact that decodes to nothing', async () => {
    const stored = await given().repository.store('edms/b1', shellSource(NAME, ':'), storeContext());
    expect(stored.rawBytes).toBe(0);
    expect(decoded(await bytesOf(await given().repository.open(key())))).toEqual(Buffer.alloc(0));
  });

  it('says how many bytes it has stored', async () => {
    const said: number[] = [];
    const context = storeContext({ onProgress: (bytes) => void said.push(bytes) });
    const source = shellSource(NAME, 'head -c 8000000 /dev/urandom');
    const { bytes } = await given().repository.store('edms/b1', source, context);
    expect(said.at(-1)).toBe(bytes);
    expect(said).toEqual(said.toSorted((a, b) => a - b));
  });

  it('hands on every line that the programs write to stderr', async () => {
    const lines: string[] = [];
    const onStderrLine = (program: string, line: string) => void lines.push(`${program}: ${line}`);
    const source = shellSource(NAME, 'echo one >&2; echo two >&2');
    await given().repository.store('edms/b1', source, storeContext({ onStderrLine }));
    expect(lines).toEqual(expect.arrayContaining(['sh: one', 'sh: two']));
  });

  it('shows nothing of an artifact until it is complete', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-gate-'));
    const gate = join(folder, 'gate');
    const script = `head -c 20000000 /dev/urandom; until [ -e ${gate} ]; do sleep 0.02; done; echo end`;
    const storing = given().repository.store('edms/b1', shellSource(NAME, script), storeContext());
    await vi.waitFor(async () => expect(await given().everything()).toHaveLength(1), 60_000);
    expect(await given().repository.list('edms')).toEqual([]);
    expect(await given().repository.get(key())).toBeNull();
    await expect(given().repository.open(key())).rejects.toMatchObject({ code: 'CORRUPT_ARTIFACT' });
    await writeFile(gate, '');
    await storing;
    expect((await given().repository.list('edms')).map((object) => object.key)).toEqual([key()]);
    await rm(folder, { recursive: true });
  });

  it('replaces what an earlier attempt had stored under the same name', async () => {
    await given().repository.store('edms/b1', shellSource(NAME, 'seq 1 100000'), storeContext());
    const again = await given().repository.store('edms/b1', shellSource(NAME, 'echo new'), storeContext());
    const bytes = await bytesOf(await given().repository.open(key()));
    expect(decoded(bytes).toString()).toBe('new\n');
    expect(sha256(bytes)).toBe(again.sha256);
    expect(await given().everything()).toEqual([key()]);
  });

  it('stores nothing into a backup whose manifest is there', async () => {
    const { repository } = given();
    await repository.store('edms/b1', shellSource(NAME, 'echo old'), storeContext());
    await repository.put('edms/b1/manifest.json', Buffer.from('{}'), storeContext().effect);
    const late = repository.store('edms/b1', shellSource(NAME, 'echo late'), storeContext());
    await expect(late).rejects.toMatchObject({ code: 'OPERATION_LOST' });
    expect(decoded(await bytesOf(await repository.open(key()))).toString()).toBe('old\n');
    expect((await given().everything()).toSorted()).toEqual([key(), 'edms/b1/manifest.json']);
  });

  it('keeps several artifacts that are stored at the same time apart', async () => {
    const names = ['database.a.dump', 'database.b.dump', 'files.c.tar'];
    await Promise.all(
      names.map((name) =>
        given().repository.store(
          'edms/b1',
          shellSource(name, `yes ${name} | head -n 200000`),
          storeContext(),
        ),
      ),
    );
    for (const name of names) {
      const text = decoded(await bytesOf(await given().repository.open(key(name)))).toString();
      expect(text).toBe(`${name}\n`.repeat(200_000));
    }
  });

  it('leaves no process behind when it has stored something', async () => {
    const register = rememberingRegister();
    const context = storeContext({ processes: register.register });
    await given().repository.store('edms/b1', shellSource(NAME, 'seq 1 300000'), context);
    expect(register.programs()).toEqual(
      expect.arrayContaining(['sh', given().storesAsGiven ? 'restic' : 'zstd']),
    );
    expect(await register.left()).toEqual([]);
  });
};
