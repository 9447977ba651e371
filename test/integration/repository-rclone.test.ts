// A remote that is not what it should be: what rclone meets there, said in holdfast's words.
import { execFileSync } from 'node:child_process';
import { appendFile, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { runEffect } from '../../src/domain/effect.js';
import { openRepository } from '../../src/repositories/open-repository.js';
import { rememberingRegister } from '../support/programs.js';
import { type RcloneServer, startRcloneServer } from '../support/rclone-server.js';
import { shellSource, storeContext } from '../support/repository.js';

let server: RcloneServer;
beforeAll(async () => {
  server = await startRcloneServer('sftp');
  const far = await readFile(process.env.RCLONE_CONFIG ?? '', 'utf8');
  const wrong = execFileSync('rclone', ['obscure', 'wrong'], { encoding: 'utf8' }).trim();
  await appendFile(
    process.env.RCLONE_CONFIG ?? '',
    `\n${far.replace('[far]', '[wrong]').replace(/pass = .*/, `pass = ${wrong}`)}
${far.replace('[far]', '[nobody]').replace(/port = .*/, 'port = 9')}\n`,
  );
});
afterAll(async () => {
  await server.stop();
});

const remote = (text: string) => openRepository({ kind: 'rclone', name: 'offsite', remote: text });

it.each([
  ['nowhere:x', 'CONFIG_INVALID', 'rclone knows no remote nowhere'],
  ['wrong:x', 'REPOSITORY_CREDENTIALS', 'the credentials are refused'],
  ['nobody:x', 'REPOSITORY_UNREACHABLE', 'it does not answer: connection refused'],
])('%s is %s, whatever is asked of it', async (text, code, words) => {
  const repository = remote(text);
  const failure = { code, message: expect.stringContaining(`repository offsite at ${text}: ${words}`) };
  await expect(repository.check()).rejects.toMatchObject(failure);
  await expect(repository.list('edms')).rejects.toMatchObject(failure);
  await expect(repository.get('edms/owner.json')).rejects.toMatchObject(failure);
  await expect(repository.open('edms/b1/a.zst')).rejects.toMatchObject(failure);
  await expect(repository.put('edms/b1/a', Buffer.from('a'), runEffect)).rejects.toMatchObject(failure);
  const stored = repository.store('edms/b1', shellSource('a.dump', 'seq 1 9'), storeContext());
  await expect(stored).rejects.toMatchObject(failure);
  expect(await repository.freeBytes()).toBeNull();
});

it('a killed rclone fails the artifact, and leaves nothing', async () => {
  const { repository, everything, remove } = await server.create();
  const { register } = rememberingRegister();
  const rclones: number[] = [];
  const processes = {
    ...register,
    started: async (pid: number, program: string) => {
      if (program === 'rclone') rclones.push(pid);
      await register.started(pid, program);
    },
  };
  const source = shellSource('a.dump', 'head -c 20000000 /dev/urandom; exec sleep 3600');
  const storing = repository.store('edms/b1', source, storeContext({ processes }));
  const failed = expect(storing).rejects.toMatchObject({ code: 'TOOL_FAILED', retryable: true });
  await vi.waitFor(async () => expect(await everything()).toHaveLength(1), 60_000);
  for (const pid of rclones) process.kill(pid, 'SIGKILL');
  await failed;
  expect(await everything()).toEqual([]);
  await remove();
});
