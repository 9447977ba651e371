import { describe, expect, it } from 'vitest';
import { failureOf } from '../../../src/tools/classify.js';
import { readsInVain, saysLocked, saysNoRepository } from '../../../src/tools/restic-failures.js';
import {
  resticPackBytes,
  resticPacks,
  resticSnapshots,
  resticSummary,
} from '../../../src/tools/restic-output.js';
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

  it.each([
    'cannot dump file: ReadFull(<data/0f7346f169>): unexpected EOF\n',
    'loading tree for snapshot "54e622ac" failed: ReadFull(<data/3c22cfdfda>): EOF\n',
    'cannot dump file: ReadFull(<data/0f7346f169>): open /r/data/0f/0f73: no such file or directory\n',
    'EOF\nReadFull(<data/3c22cfdfda>)\ngithub.com/restic/restic/internal/repository.streamPackPart\n',
    'unexpected EOF\nReadFull\ngithub.com/restic/restic/internal/repository.streamPackPart.func1\n',
    'open /r/data/0f/0f73: no such file or directory\nStreamPack\ngithub.com/restic/restic\n',
    'Fatal: load <index/71a6213aed>: invalid data returned\n',
    'loading snapshot "940b732b" failed: load <snapshot/940b732b45>: invalid data returned\n',
    'Fatal: failed loading snapshot: load <snapshot/940b732b45>: invalid data returned\n',
    'loading tree for snapshot "940b732b" failed: id af5c5374 not found in repository\n',
    'Fatal: pack size does not match calculated size from index\n',
    'Fatal: packs from index missing in repo\n',
    '{<data/f68f72ee>} not found in the index\n\nWill not start prune\nFatal: index is not complete\n',
  ])('a file that was cut, emptied, removed or changed is damage, and nothing to try again: %s', (words) => {
    expect(said(words)).toMatchObject({ code: 'CORRUPT_ARTIFACT', retryable: false });
  });

  it.each([
    'Fatal: config or key f9cfe22d is damaged: ciphertext verification failed\n',
    'Fatal: config cannot be loaded: nonce is invalid\n',
    'config file has zero size, invalid repository?\n',
    'Fatal: Unmarshal: unexpected end of JSON input\n',
  ])('without its config or keys it cannot be opened, however often it is tried: %s', (words) => {
    const failure = said(words);
    expect(failure).toMatchObject({ code: 'REPOSITORY_UNREACHABLE', retryable: false });
    expect(failure.hint).toContain('put its file config');
    expect(saysNoRepository(failure)).toBe(false);
  });

  it('a damaged index keeps everything from being read, and what makes a new one is named', () => {
    expect(said('Fatal: load <index/71a6213aed>: invalid data returned\n').hint).toContain('verify --repair');
  });

  it('a lock that goes while restic looks at it is no damage', () => {
    const gone =
      'Load(<lock/d3e7197f75>, 0, 0) returned error, retrying after 552.3ms: open /r/locks/d3e7: no such file or directory';
    expect(readsInVain(gone)).toBe(false);
    expect(said(`${gone}\nFatal: something else\n`).code).not.toBe('CORRUPT_ARTIFACT');
    expect(said('Fatal: load <lock/d3e7197f75>: invalid data returned\n').code).not.toBe('CORRUPT_ARTIFACT');
  });

  it('what breaks off on the way is no damage', () => {
    const reset = 'ReadFull(<data/0f7346f169>): read tcp 10.0.0.1:4: connection reset by peer';
    expect(said(`cannot dump file: ${reset}\n`).code).not.toBe('CORRUPT_ARTIFACT');
    expect(readsInVain(`Load(<data/0f>, 1, 0) returned error, retrying after 1.1s: ${reset}`)).toBe(false);
    expect(readsInVain('Load(<data/0f>, 1, 0) returned error, retrying after 552.3ms: unexpected EOF')).toBe(
      true,
    );
  });

  it('a full repository is told from a full folder of restic’s own, and is nothing to try again', () => {
    const fatal = 'Fatal: unable to save snapshot: write';
    expect(said(`${fatal} /r/data/1f/1fbf-tmp-3941826027: no space left on device\n`)).toMatchObject({
      code: 'DISK_FULL',
      message: 'it is full',
      retryable: false,
    });
    expect(said(`${fatal} /tmp/restic-temp-pack-3941: no space left on device\n`)).toMatchObject({
      code: 'DISK_FULL',
      message: 'the folder /tmp, where restic packs what it stores, is full',
    });
    expect(said('Fatal: server response unexpected: 507 Insufficient Storage (507)\n').code).toBe(
      'DISK_FULL',
    );
  });

  it.each([
    'Save(<lock/f50f>) returned error, retrying after 1s: open /r/locks/f50f-tmp-2: read-only file system\nunable to create lock in backend\n',
    'Fatal: unable to open config file: open /r/config: permission denied\nIs there a repository at the following location?\n/r\n',
  ])('what it may not read or write is named, and nothing to try again: %s', (words) => {
    const failure = said(words);
    expect(failure).toMatchObject({ code: 'REPOSITORY_UNREACHABLE', retryable: false });
    expect(failure.message).toMatch(/^open \/r\/\S+: (read-only file system|permission denied)$/);
    expect(failure.hint).toContain('user');
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

  it('what is in a pack, and with it how long its file was', () => {
    const chunk = { id: '03b3', type: 'data', offset: 0, length: 6_000_354, uncompressed_length: 6_000_000 };
    const folder = { id: '462e', type: 'tree', offset: 0, length: 100 };
    const [pack, old] = resticPacks(
      JSON.stringify({
        packs: [
          { id: '0f73', blobs: [chunk] },
          { id: '3c22', blobs: [folder] },
        ],
      }),
    );
    expect(pack).toMatchObject({ id: '0f73', blobs: [{ id: '03b3', length: 6_000_354 }] });
    expect(pack && resticPackBytes(pack)).toBe(6_000_354 + 41 + 36);
    expect(old && resticPackBytes(old)).toBe(100 + 37 + 36);
    expect(() => resticPacks('{"packs":[{}]}')).toThrow('cannot be understood');
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
