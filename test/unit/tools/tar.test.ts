import { describe, expect, it } from 'vitest';
import { parseTarWarning, tarCreate, tarExtract, unreadableInTar } from '../../../src/tools/tar.js';

describe('a warning of tar', () => {
  it.each([
    ['tar: "./a": file changed as we read it', { path: 'a', kind: 'changed' }],
    ['gtar: "./a": file changed as we read it', { path: 'a', kind: 'changed' }],
    ['tar: ".": file changed as we read it', { path: '.', kind: 'changed' }],
    ['tar: "./d/z": File removed before we read it', { path: 'd/z', kind: 'vanished' }],
    ['tar: "./d": File shrank by 27967360 bytes; padding with zeros', { path: 'd', kind: 'shrunk' }],
    [
      'tar: "./a\\nb \\"c\\" \\\\ \\377": file changed as we read it',
      { path: 'a\nb "c" \\ \xff', kind: 'changed' },
    ],
    [
      'tar: "./: File removed before we read it": file changed as we read it',
      { path: ': File removed before we read it', kind: 'changed' },
    ],
  ])('is read (%s)', (line, warning) => {
    expect(parseTarWarning(line)).toEqual(warning);
  });

  it.each([
    'tar: "./a": Cannot open: Permission denied',
    'tar: "./s": socket ignored',
    'tar: Exiting with failure status due to previous errors',
    'pg_dump: "a": file changed as we read it',
    '',
  ])('is nothing else (%s)', (line) => {
    expect(parseTarWarning(line)).toBeNull();
  });
});

describe('a file that tar was to read by its name', () => {
  it.each([
    ['tar: "a b": Warning: Cannot open: Permission denied', '"a b": Permission denied'],
    ['gtar: "a": Warning: Cannot stat: Permission denied', '"a": Permission denied'],
    [
      'tar: "a": Warning: Read error at byte 0, while reading 512 bytes: Input/output error',
      '"a": Input/output error',
    ],
    ['tar: "a": Warning: Cannot stat: No such file or directory', null],
    ['tar: "./a": file changed as we read it', null],
  ])('is refused or has gone (%s)', (line, refused) => {
    expect(unreadableInTar(line)).toBe(refused);
  });
});

describe('the arguments of tar', () => {
  it('accept that files change while they are read, and nothing worse', () => {
    expect(tarCreate({ path: '/srv', index: '/tmp/i' }).acceptedExitCodes).toEqual([1]);
    expect(tarExtract({ directory: '/new' }).acceptedExitCodes).toBeUndefined();
  });

  it('never let an archive write outside the folder', () => {
    const { args } = tarExtract({ directory: '/new' });
    expect(args.join(' ')).not.toMatch(/(^| )(-P|--absolute-names)( |$)/);
  });
});
