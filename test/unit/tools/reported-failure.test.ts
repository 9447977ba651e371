import { describe, expect, it } from 'vitest';
import { type Ending, endedWell } from '../../../src/tools/ending.js';
import { reportedFailure } from '../../../src/tools/reported-failure.js';
import { ending } from './sample-ending.js';

const messageOf = (...endings: Ending[]): string | undefined => reportedFailure(endings)?.message;

const fine = ending('zstd', { exitCode: 0 });
const sigpipe = ending('pg_dump', { signal: 'SIGPIPE' });
const failed = ending('pg_dump', { exitCode: 3, said: 'pg_dump: error: out of luck' });
const cutBehind = ending('zstd', { exitCode: 1, said: 'zstd: premature end' });

describe('endedWell', () => {
  it('holds for 0 and for what the command accepts, and for no signal', () => {
    expect(endedWell(fine)).toBe(true);
    expect(endedWell(ending('tar', { exitCode: 1 }))).toBe(false);
    expect(endedWell(ending('tar', { exitCode: 1, acceptedExitCodes: [1] }))).toBe(true);
    expect(endedWell(ending('tar', { exitCode: 2, acceptedExitCodes: [1] }))).toBe(false);
    expect(endedWell(ending('tar', { signal: 'SIGTERM', acceptedExitCodes: [1] }))).toBe(false);
  });
});

describe('the reported failure', () => {
  it('is none when all ended well', () => {
    expect(reportedFailure([fine, fine])).toBeNull();
  });

  it('is not a broken pipe, however that shows, when another program failed', () => {
    const killed = ending('age', { signal: 'SIGKILL' });
    const shell = ending('pg_dump', { exitCode: 141 });
    const zstd = ending('zstd', {
      exitCode: 70,
      said: 'zstd: error 70 : Write error : cannot write block : Broken pipe',
    });
    const reset = ending('pg_dump', {
      exitCode: 1,
      said: 'pg_dump: error: could not write to output file: Connection reset by peer',
    });
    for (const victim of [sigpipe, shell, zstd, reset])
      expect(messageOf(victim, fine, killed)).toBe('age was killed by SIGKILL');
  });

  it('is the first one in the pipe when one cut what the next one read', () => {
    expect(messageOf(failed, cutBehind)).toBe('pg_dump failed (exit 3): out of luck');
  });

  it('is the broken pipe when nothing else failed', () => {
    expect(messageOf(sigpipe, fine)).toBe('pg_dump was killed by SIGPIPE');
  });

  it('is the database’s own lost connection, which is no broken pipe', () => {
    const lost = ending('pg_dump', {
      exitCode: 1,
      said: 'pg_dump: error: could not receive data from server: Connection reset by peer',
    });
    expect(reportedFailure([lost, cutBehind])?.code).toBe('DATABASE_UNREACHABLE');
  });
});
