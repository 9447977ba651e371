import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Failure } from '../../src/domain/failure.js';
import type { Command } from '../../src/tools/command.js';
import { type PipelineOptions, runPipeline, runProgram } from '../../src/tools/process.js';
import { rawBytesOf, zstdCompress, zstdDecompress } from '../../src/tools/zstd.js';
import { putOnPath, rememberingRegister, rememberingSink } from '../support/programs.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

const PG_DUMP: Command = { program: 'pg_dump', args: [] };
const CAT: Command = { program: 'cat', args: [] };
const ZEROS: Command = { program: 'cat', args: ['/dev/zero'] };

/** Runs to the end, well or not, and says what a caller would see. */
const run = async (commands: readonly Command[], options: Partial<PipelineOptions> = {}) => {
  const register = rememberingRegister();
  const sink = rememberingSink();
  const outcome = await runPipeline(commands, {
    signal: new AbortController().signal,
    processes: register.register,
    stallTimeoutMs: 0,
    consume: sink.consume,
    ...options,
  }).then(
    (ended) => ({ ended, error: undefined }),
    (error: Failure) => ({ ended: [], error }),
  );
  return { ...outcome, sink, register };
};

describe('an input that nobody will read is closed', () => {
  it.each([
    [
      'when a program is not installed',
      { program: 'no-such-program', args: [] },
      new AbortController().signal,
    ],
    ['when the run is over before it begins', CAT, AbortSignal.abort(new Error('over'))],
  ])('%s', async (_when, command: Command, signal) => {
    const input = Readable.from([randomBytes(10)]);
    const { error } = await run([command], { input, signal });
    expect(error).toBeDefined();
    expect(input.destroyed).toBe(true);
  });
});

describe('programs that end well', () => {
  it('hand every byte on, through all of them', async () => {
    const bytes = randomBytes(3_000_000);
    const reports: number[] = [];
    const { error, sink, ended, register } = await run([CAT, zstdCompress(), zstdDecompress(), CAT], {
      input: Readable.from([bytes.subarray(0, 1_000_000), bytes.subarray(1_000_000)]),
      onProgress: (moved) => reports.push(moved),
    });
    expect(error).toBeUndefined();
    expect(sink.bytes().equals(bytes)).toBe(true);
    expect(sink.completed()).toBe(true);
    expect(rawBytesOf(ended[1]?.stderr ?? '')).toBe(bytes.length);
    expect(reports.at(-1)).toBe(bytes.length);
    expect(register.programs()).toEqual(['cat', 'zstd', 'zstd', 'cat']);
    expect(await register.left()).toEqual([]);
  });

  it('may be asked for an exit code other than 0', async () => {
    putOnPath('changed');
    const lines: string[] = [];
    const tar: Command = { program: 'tar', args: [], acceptedExitCodes: [1] };
    const { ended, sink } = await run([tar, CAT], {
      onStderrLine: (program, line) => lines.push(`${program}> ${line}`),
    });
    expect(ended[0]?.exitCode).toBe(1);
    expect(lines).toEqual(['tar> tar: "./a": file changed as we read it']);
    expect(sink.bytes().toString()).toBe('a whole archive');
  });

  it('have their output thrown away where nobody reads it', async () => {
    const { error } = await run([{ program: 'head', args: ['-c', '5000000', '/dev/zero'] }], {
      consume: async () => {},
    });
    expect(error).toBeUndefined();
  });

  it('see no variable that could point them elsewhere', async () => {
    vi.stubEnv('PGHOST', 'production');
    vi.stubEnv('SECRET', 'x');
    const { stdout } = await runProgram({ program: 'env', args: [], env: { ADDED: 'yes' } });
    expect(stdout).toMatch(/^ADDED=yes$/m);
    expect(stdout).toMatch(/^LC_ALL=C$/m);
    expect(stdout).not.toMatch(/PGHOST|SECRET/);
  });
});

describe('a program that fails', () => {
  it('is named with its exit code and last words, and nothing is completed', async () => {
    putOnPath('half-then-exit-3');
    const { error, sink, register } = await run([PG_DUMP, zstdCompress()]);
    expect(error).toMatchObject({ code: 'TOOL_FAILED', retryable: true });
    expect(error?.message).toBe(
      'pg_dump failed (exit 3): Dumping the contents of table "documents" failed: out of luck',
    );
    expect(error?.evidence).toContain('out of luck');
    expect(sink.bytes().length).toBeGreaterThan(0);
    expect(sink.completed()).toBe(false);
    expect(await register.left()).toEqual([]);
  });

  it('is the cause when the programs before it die of the broken pipe', async () => {
    putOnPath('killed');
    const { error, sink, register } = await run([ZEROS, CAT, zstdCompress(), CAT]);
    expect(error).toMatchObject({ code: 'TOOL_FAILED', message: 'zstd was killed by SIGKILL' });
    expect(sink.completed()).toBe(false);
    expect(await register.left()).toEqual([]);
  });

  it('is the cause when a program behind it cannot read what was cut', async () => {
    const whole = await run([zstdCompress()], { input: Readable.from([randomBytes(500_000)]) });
    const input = Readable.from([whole.sink.bytes().subarray(0, 300_000)]);
    const { error, sink } = await run(
      [zstdDecompress(), { program: 'tar', args: ['--extract', '--file=-'] }],
      { input },
    );
    expect(error).toMatchObject({ code: 'CORRUPT_ARTIFACT', retryable: false });
    expect(error?.message).toContain('does not decode');
    expect(sink.completed()).toBe(false);
  });

  it('ends those before it even when they would never notice', async () => {
    putOnPath('hangs', 'killed');
    const { error, register } = await run([PG_DUMP, zstdCompress()]);
    expect(error?.message).toBe('zstd was killed by SIGKILL');
    expect(await register.left()).toEqual([]);
  });

  it('fails the backup when it is tar and may not read files, which are named', async () => {
    putOnPath('unreadable');
    const { error } = await run([{ program: 'tar', args: ['--create'], acceptedExitCodes: [1] }, CAT]);
    expect(error).toMatchObject({ code: 'UNREADABLE_FILES', message: 'cannot read "./secret", "./private"' });
  });

  it('is missing before anything is started', async () => {
    const { error, register } = await run([CAT, { program: 'no-such-program', args: [] }]);
    expect(error).toMatchObject({ code: 'TOOL_MISSING', message: 'no-such-program is not installed' });
    expect(register.programs()).toEqual([]);
  });

  it('fails too when it ends well without taking all of its input', async () => {
    const input = Readable.from(
      (function* () {
        for (;;) yield randomBytes(65_536);
      })(),
    );
    const { error, sink } = await run([{ program: 'true', args: [] }], { input });
    expect(error?.message).toBe('true ended before it had read all of its input');
    expect(sink.completed()).toBe(false);
    expect(input.destroyed).toBe(true);
  });

  it('fails when it stops reading what another program still writes', async () => {
    const { error } = await run([ZEROS, { program: 'head', args: ['-c', '100'] }]);
    expect(error?.message).toMatch(/^cat was killed by SIGPIPE$|^cat failed/);
  });
});

describe('what goes wrong here', () => {
  it('ends the programs when the disk is full', async () => {
    const { error, register } = await run([ZEROS, zstdCompress()], {
      consume: async (stdout) => {
        stdout.once('data', () => {});
        throw Object.assign(new Error('write'), { code: 'ENOSPC', path: '/srv/backups' });
      },
    });
    expect(error).toMatchObject({ code: 'DISK_FULL' });
    expect(await register.left()).toEqual([]);
  });

  it('ends the programs when the input fails, and completes nothing', async () => {
    const input = Readable.from(
      (async function* () {
        yield randomBytes(100_000);
        throw new Error('the bucket is gone');
      })(),
    );
    const { error, sink, register } = await run([CAT, CAT], { input });
    expect(error?.message).toBe('the bucket is gone');
    expect(sink.completed()).toBe(false);
    expect(await register.left()).toEqual([]);
  });

  it('ends the programs when they cannot be recorded', async () => {
    const started: number[] = [];
    const { error } = await run([ZEROS, zstdCompress()], {
      processes: {
        started: async (pid) => {
          started.push(pid);
          throw new Error('state folder is read-only');
        },
        ended: async () => {},
      },
    });
    expect(error?.message).toBe('state folder is read-only');
    for (const pid of started) expect(() => process.kill(-pid, 0)).toThrow('ESRCH');
  });
});

describe('a run that must not go on', () => {
  it('is STALLED when no byte moves, and leaves nothing', async () => {
    putOnPath('hangs');
    const { error, sink, register } = await run([PG_DUMP, zstdCompress()], { stallTimeoutMs: 300 });
    expect(error).toMatchObject({ code: 'STALLED', message: 'no byte moved for 0.3 s: pg_dump | zstd' });
    expect(sink.completed()).toBe(false);
    expect(await register.left()).toEqual([]);
  });

  it.each(['hangs', 'deaf'])(
    'is over within ten seconds of its abort, with the signal’s reason (%s)',
    async (name) => {
      putOnPath(name);
      const abort = new AbortController();
      const reason = new Error('cancelled by somebody');
      const { error, sink, register } = await run([PG_DUMP, CAT], {
        signal: abort.signal,
        consume: async (stdout) => {
          for await (const _chunk of stdout) abort.abort(reason);
        },
      });
      expect(error).toBe(reason);
      expect(sink.completed()).toBe(false);
      expect(await register.left()).toEqual([]);
    },
    10_000,
  );

  it('starts nothing when it is aborted before', async () => {
    const { error, register } = await run([CAT], { signal: AbortSignal.abort(new Error('too late')) });
    expect(error?.message).toBe('too late');
    expect(register.programs()).toEqual([]);
  });

  it('is ended by its deadline when it is one short program', async () => {
    const sleeper = runProgram({ program: 'sleep', args: ['3600'] }, { timeoutMs: 100 });
    await expect(sleeper).rejects.toMatchObject({
      code: 'STALLED',
      message: 'sleep did not end within 0.1 s',
    });
  });
});
