import { describe, expect, it } from 'vitest';
import { parseListingLine } from '../../../src/files/listing-line.js';

const TIME = '2023-11-14 22:13:20.123456789';

const entryIn = (line: string) => {
  const parsed = parseListingLine(line);
  return parsed?.is === 'entry' ? parsed.entry : null;
};

describe('a line of tar’s listing', () => {
  it('gives a file with all that a restore must bring back', () => {
    expect(entryIn(`-rw-r-----  1000/3000000000 9663676416 ${TIME} "./a/x"`)).toEqual({
      path: 'a/x',
      kind: 'file',
      mode: 0o640,
      uid: 1000,
      gid: 3_000_000_000,
      size: 9_663_676_416,
      mtime: '1700000000.123456789',
      link: '',
      hardLinkOf: '',
    });
  });

  it.each([
    ['drwxr-xr-x', '"./"', { path: '.', kind: 'folder', mode: 0o755 }],
    ['drwxrwxrwt', '"./e/"', { path: 'e', kind: 'folder', mode: 0o1777 }],
    ['-rwsr-Sr-T', '"./x"', { path: 'x', kind: 'file', mode: 0o7744 }],
    ['prw-r--r--', '"./p"', { path: 'p', kind: 'fifo' }],
    ['-rw-rw-r--', '"./\\303\\251\\377\\n\\"\\\\ \\a\\177"', { path: '\xc3\xa9\xff\n"\\ \x07\x7f' }],
    ['lrwxrwxrwx', '"./a\\" -> \\"b" -> "../\\"z"', { path: 'a" -> "b', kind: 'symlink', link: '../"z' }],
  ])('understands %s %s', (mode, names, expected) => {
    expect(entryIn(`${mode}  0/0               0 ${TIME} ${names}`)).toMatchObject(expected);
  });

  it('understands the marks of access lists and attributes', () => {
    expect(entryIn(`-rw-rw-r--+ 0/0               3 ${TIME} "./x"`)?.mode).toBe(0o664);
    expect(entryIn(`-rw-rw-r--* 0/0               3 ${TIME} "./x"`)?.size).toBe(3);
  });

  it('understands device numbers where a size would be', () => {
    expect(entryIn(`crw-rw-rw-  0/0             1,3 ${TIME} "./null"`)).toMatchObject({
      kind: 'character',
      size: 0,
    });
  });

  it('gives the two names of a hard link', () => {
    expect(parseListingLine(`hrw-r--r--  0/0 0 ${TIME} "./a link to b" link to "./a/x"`)).toEqual({
      is: 'hard link',
      path: 'a link to b',
      target: 'a/x',
    });
  });

  it.each([
    '',
    'tar: ./x: file changed as we read it',
    `-rw-r--r--  0/0               3 ${TIME} "./cut`,
    `-rw-r--r--  0/0               3 sometime "./x"`,
    `lrwxrwxrwx  0/0               0 ${TIME} "./l"`,
    `hrw-r--r--  0/0               0 ${TIME} "./h"`,
    `Vrw-r--r--  0/0               0 ${TIME} "./volume"`,
  ])('is refused when it is %j', (line) => {
    expect(parseListingLine(line)).toBeNull();
  });
});
