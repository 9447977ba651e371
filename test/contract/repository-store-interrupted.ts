import { expect, it, vi } from 'vitest';
import { runEffect } from '../../src/domain/effect.js';
import { untilAborted } from '../../src/operations/context.js';
import { killedEverywhere } from '../support/killed-effect.js';
import { startFixture } from '../support/node-process.js';
import { rememberingRegister } from '../support/programs.js';
import { bytesOf, decoded, sha256, shellSource, storeContext } from '../support/repository.js';
import { type Given, storedName } from './repository-suite.js';

const NAME = 'files.storage.tar';
const WHOLE = shellSource(NAME, 'seq 1 50000');

export const storeInterruptedPromises = (given: Given): void => {
  const key = (name = NAME) => `edms/b1/${storedName(given(), name)}`;
  const locks = async () => (await given().everything()).filter((name) => name.startsWith('locks/'));
  const failing: Record<string, Parameters<typeof shellSource>> = {
    'the only program fails in the middle': [NAME, 'head -c 2000000 /dev/urandom; exit 3'],
    'the first of two programs fails, and the second ends well': [NAME, 'seq 1 99999; exit 3', 'cat'],
    'the second of two programs fails': [NAME, 'seq 1 99999', 'head -n 5; exit 3'],
    'a program is killed': [NAME, 'head -c 2000000 /dev/urandom; kill -9 $$'],
  };
  it.each(Object.entries(failing))('leaves nothing when %s', async (_title, source) => {
    const register = rememberingRegister();
    const context = storeContext({ processes: register.register });
    const storing = given().repository.store('edms/b1', shellSource(...source), context);
    await expect(storing).rejects.toMatchObject({ code: 'TOOL_FAILED' });
    expect(await given().everything()).toEqual([]);
    expect(await register.left()).toEqual([]);
  });

  it('keeps what an earlier attempt had stored when a later one fails', async () => {
    const { repository } = given();
    const { sha256: stored } = await repository.store('edms/b1', WHOLE, storeContext());
    const later = repository.store('edms/b1', shellSource(NAME, 'seq 1 9; exit 3'), storeContext());
    await expect(later).rejects.toMatchObject({ code: 'TOOL_FAILED' });
    expect(sha256(await bytesOf(await repository.open(key())))).toBe(stored);
    expect(await given().everything()).toEqual([key()]);
  });

  it('leaves nothing when it is told to stop, although its effects do not happen any more', async () => {
    const register = rememberingRegister();
    const abort = new AbortController();
    const storing = given().repository.store(
      'edms/b1',
      shellSource(NAME, 'head -c 20000000 /dev/urandom; exec sleep 3600'),
      storeContext({
        signal: abort.signal,
        effect: untilAborted(runEffect, abort.signal),
        processes: register.register,
      }),
    );
    const ended = expect(storing).rejects.toThrow('enough');
    await vi.waitFor(async () => expect(await given().everything()).toHaveLength(1), 60_000);
    abort.abort(new Error('enough'));
    await ended;
    expect(await given().everything()).toEqual([]);
    expect(await register.left()).toEqual([]);
  });

  it('shows a whole artifact or none when it is killed before or after any effect, and the next attempt clears up', async () => {
    const { repository } = given();
    const points = await killedEverywhere(async (_point, kill) => {
      await kill((effect) => repository.store('edms/b1', WHOLE, storeContext({ effect })));
      for (const object of await repository.list('edms')) {
        expect(decoded(await bytesOf(await repository.open(object.key)))).toHaveLength(288_894);
      }
      await repository.store('edms/b1', WHOLE, storeContext());
      expect(await given().everything()).toEqual([key()]);
      await repository.removeFolder('edms/b1', runEffect);
      expect(await given().everything()).toEqual([]);
    });
    expect(points).toBeGreaterThanOrEqual(4);
  });

  it('shows nothing when its agent is killed in the middle, and the next attempt clears up', async () => {
    const { repository, settings } = given();
    const agent = startFixture('programs/storing-agent/agent.ts', [
      JSON.stringify(settings),
      'edms/b1',
      NAME,
    ]);
    await agent.says('stored some');
    await vi.waitFor(async () => expect(await given().everything()).toHaveLength(1), 60_000);
    agent.kill('SIGKILL');
    await agent.ended;
    // Nobody minds what it had started, which has yet to see that no more comes.
    await vi.waitFor(async () => expect(await locks()).toEqual([]), 60_000);
    expect(await repository.list('edms')).toEqual([]);
    await repository.store('edms/b1', WHOLE, storeContext());
    expect(await given().everything()).toEqual([key()]);
  });
};
