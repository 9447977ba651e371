import { expect, it } from 'vitest';
import { failureOf } from '../../../src/tools/classify.js';
import { ending } from './sample-ending.js';

const USB = 'repository usb at /mnt/usb';
const failed = (said: string, writesInto?: string) =>
  failureOf(
    ending('zstd', {
      exitCode: 70,
      said: `zstd: error 70 : Write error : cannot write block : ${said} \n`,
      ...(writesInto === undefined ? {} : { writesInto }),
    }),
  );

it.each([
  ['No space left on device', { code: 'DISK_FULL', message: `${USB} is full` }],
  ['Disk quota exceeded', { code: 'DISK_FULL', message: `${USB} is full` }],
  [
    'Input/output error',
    { code: 'REPOSITORY_UNREACHABLE', message: `${USB}: Input/output error`, retryable: true },
  ],
  ['File too large', { code: 'REPOSITORY_UNREACHABLE', message: `${USB}: File too large`, retryable: false }],
])('a program that writes into a repository by itself means that one’s disk: %s', (said, expected) => {
  expect(failed(said, USB)).toMatchObject(expected);
});

it('a program that only writes to the next one means another disk', () => {
  expect(failed('No space left on device').message).toMatch(/^the disk is full: /);
});

it('what else a program says that writes into a repository is judged like any other’s', () => {
  const said = failed('something else', USB);
  expect(said).toMatchObject({ code: 'TOOL_FAILED' });
  expect(said.message).toContain('something else');
});
