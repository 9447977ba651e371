import { expect, it } from 'vitest';
import { failureOf } from '../../../src/tools/classify.js';
import { rcloneCat, rcloneList, rcloneMove, rcloneRcat } from '../../../src/tools/rclone.js';
import { ending } from './sample-ending.js';

const PLACE = 'repository offsite at far:x';

const said = (words: string) => failureOf(ending('rclone', { exitCode: 1, said: words, writesInto: PLACE }));

const MEANT: [words: string, expected: object][] = [
  [
    `2026/01/11 16:01:39 Failed to create file system for "foo:bar": didn't find section in config file\n`,
    { code: 'CONFIG_INVALID', message: 'repository offsite at far:x: rclone knows no remote foo' },
  ],
  [
    'Failed to load config file "/etc/rclone.conf": unable to decrypt configuration and not allowed to ask for password\n',
    { code: 'CONFIG_INVALID', hint: expect.stringContaining('RCLONE_PASSWORD_COMMAND') },
  ],
  [
    'ERROR : SignatureDoesNotMatch: The request signature does not match.\n\tstatus code: 403\n',
    { code: 'REPOSITORY_CREDENTIALS', message: expect.stringContaining('SignatureDoesNotMatch') },
  ],
  [
    `NewFs: couldn't connect SSH: ssh: handshake failed: ssh: unable to authenticate, attempted methods [none]\n`,
    { code: 'REPOSITORY_CREDENTIALS', retryable: false },
  ],
  [
    'Post request put error: Insufficient Storage: 507 Insufficient Storage\n',
    { code: 'DISK_FULL', message: 'repository offsite at far:x: it is full' },
  ],
  ['open /mnt/x: permission denied\n', { code: 'REPOSITORY_RIGHTS' }],
  [
    'Failed to rcat: dial tcp 127.0.0.1:9: connect: connection refused\n',
    {
      code: 'REPOSITORY_UNREACHABLE',
      message: 'repository offsite at far:x: it does not answer: connection refused',
      retryable: true,
    },
  ],
  [
    '2026/01/11 16:01:39 ERROR : x: something that nobody has heard of\n',
    {
      code: 'REPOSITORY_UNREACHABLE',
      message: 'repository offsite at far:x: rclone says: x: something that nobody has heard of',
    },
  ],
];

it.each(MEANT)('rclone’s “%s” becomes what it means', (words, expected) => {
  expect(said(words)).toMatchObject(expected);
});

it('a killed rclone says nothing of its remote', () => {
  const killed = ending('rclone', { signal: 'SIGKILL', writesInto: PLACE });
  expect(failureOf(killed)).toMatchObject({ code: 'TOOL_FAILED', message: 'rclone was killed by SIGKILL' });
});

it('rclone tries once, and never asks', () => {
  for (const { args } of [rcloneRcat('far:x'), rcloneCat('far:x'), rcloneList('far:x', { recursive: true })])
    expect(args).toEqual(expect.arrayContaining(['--retries=1', '--ask-password=false']));
});

it('rclone is told the size of what comes where it is known', () => {
  expect(rcloneRcat('far:x', { bytes: 12 }).args).toContain('--size=12');
  expect(rcloneRcat('far:x', { bandwidth: 500_000 }).args).toContain('--bwlimit=500000B');
  expect(rcloneRcat('far:x').args.join(' ')).not.toContain('--size');
});

it('rclone looks at what is there only to replace it', () => {
  expect(rcloneMove('far:a', 'far:b', { replacing: false }).args).toContain('--no-check-dest');
  expect(rcloneMove('far:a', 'far:b', { replacing: true }).args).not.toContain('--no-check-dest');
});
