// An archive that nothing was done to, as restic gives it: tar knows its end before its input has come to one.
import { execFileSync } from 'node:child_process';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import type { StoredArtifact } from '../../src/domain/manifest.js';
import { decoders } from '../../src/operations/stored-artifacts.js';
import { NOT_REGISTERED, runPipeline } from '../../src/tools/process.js';
import { tarList } from '../../src/tools/tar.js';

const ARCHIVE = execFileSync('tar', ['--create', '--file=-', 'package.json']);

const ARTIFACT: StoredArtifact = {
  ...{ name: 'files.storage.tar', kind: 'files', source: 'storage' },
  ...{ bytes: ARCHIVE.length, rawBytes: ARCHIVE.length, sha256: '0'.repeat(64), transforms: [] },
};

it('is read to the end of its input, which comes a moment after the archive’s own', async () => {
  let listed = '';
  const input = new Readable({ read: () => undefined });
  input.push(ARCHIVE);
  setTimeout(() => input.push(null), 300);
  await runPipeline([...decoders(ARTIFACT, null), tarList()], {
    ...{ signal: AbortSignal.timeout(20_000), processes: NOT_REGISTERED, stallTimeoutMs: 0, input },
    consume: async (stdout) => {
      listed = await text(stdout);
    },
  });
  expect(listed).toContain('package.json');
});
