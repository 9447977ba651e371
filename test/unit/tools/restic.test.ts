import { describe, expect, it } from 'vitest';
import { failureOf } from '../../../src/tools/classify.js';
import { saysLocked, saysNoRepository } from '../../../src/tools/restic-failures.js';
import { resticSnapshots, resticSummary } from '../../../src/tools/restic-output.js';
import { ending } from './sample-ending.js';

const said = (words: string) => failureOf(ending('restic', { exitCode: 1, said: words }));

describe('what restic means by its words', () => {
  it('a wrong password is nothing to try again', () => {
    expect(said('Fatal: wrong password or no key found\n')).toMatchObject({
      code: 'REPOSITORY_CREDENTIALS',
      retryable: false,
    });
  });

  it('a lock is somebody’s, who is named, and may go away', () => {
    const failure = said(
      'unable to create lock in backend: repository is already locked by PID 1661 on db2 by root (UID 0, GID 0)\nlock was created at 2026-11-21 16:05:55\n',
    );
    expect(failure).toMatchObject({ code: 'REPOSITORY_UNREACHABLE', retryable: true });
    expect(failure.message).toContain('locked by PID 1661 on db2');
    expect(saysLocked(failure)).toBe(true);
  });

  it('a place without a repository is told from one that does not answer', () => {
    const none =
      'Fatal: unable to open config file: stat /r/config: no such file or directory\nIs there a repository at the following location?\n/r\n';
    const silent =
      'Fatal: unable to open config file: Get "http://h/": dial tcp: connection refused\nIs there a repository at the following location?\ns3:http://h/b\n';
    expect(saysNoRepository(said(none))).toBe(true);
    expect(saysNoRepository(said(silent))).toBe(false);
    expect(said(silent).code).toBe('REPOSITORY_UNREACHABLE');
  });

  it('a snapshot that is gone, and bytes that do not decrypt, are damage', () => {
    expect(said('invalid id "deadbeef": no matching ID found for prefix "deadbeef"\n').code).toBe(
      'CORRUPT_ARTIFACT',
    );
    expect(said('Fatal: LoadBlob: ciphertext verification failed\n').code).toBe('CORRUPT_ARTIFACT');
    expect(said('Fatal: decrypting blob 10aa2f78 failed: nonce is invalid\n').code).toBe('CORRUPT_ARTIFACT');
  });

  it('a full disk is a full disk', () => {
    expect(said('Fatal: write /r/tmp: no space left on device; No space left on device\n').code).toBe(
      'DISK_FULL',
    );
  });
});

describe('what restic prints', () => {
  it('of 0.14: a short id, and bytes before compression', () => {
    const line =
      '{"message_type":"summary","files_new":1,"data_added":863,"total_bytes_processed":900,"snapshot_id":"84d32019"}\n';
    expect(resticSummary(line)).toEqual({ id: '84d32019', added: 863, bytes: 900 });
  });

  it('of 0.17: what the repository grew by, after lines of progress', () => {
    const lines =
      '{"message_type":"status","percent_done":1}\n{"message_type":"summary","data_added":863,"data_added_packed":401,"total_bytes_processed":900,"snapshot_id":"84d320194fdf9767"}\n';
    expect(resticSummary(lines)).toEqual({ id: '84d320194fdf9767', added: 401, bytes: 900 });
  });

  it('no snapshots, as every version says it', () => {
    expect(resticSnapshots('null\n')).toEqual([]);
    expect(resticSnapshots('[]')).toEqual([]);
  });

  it('anything else is refused, with what it was', () => {
    expect(() => resticSummary('restic: what?')).toThrow('cannot be understood');
    expect(() => resticSnapshots('{"code":1}')).toThrow('cannot be understood');
  });
});
