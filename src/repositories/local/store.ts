// Streams a source, encoded, into a file; hash and size are taken on the way.
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { LocalSettings } from '../../config/config.js';
import { runPipeline } from '../../tools/process.js';
import { type EncodedSource, encodedSource } from '../encoded-source.js';
import { type Digest, digestOf } from '../hash.js';
import type { Source, StoreContext, StoredObject } from '../repository.js';
import { inRepository } from './failure.js';
import { clearUnfinished, publishStored, temporaryName } from './publish.js';
import { writebackOf } from './writeback.js';

interface Place {
  settings: LocalSettings;
  /** Absolute path; it exists. */
  folder: string;
}

export const localStore = async (
  { settings, folder }: Place,
  source: Source,
  context: StoreContext,
): Promise<StoredObject> => {
  const encoded = encodedSource(source, {
    recipients: context.recipients,
    writesInto: `repository ${settings.name} at ${settings.path}`,
  });
  const { name, transforms } = encoded;
  await clearUnfinished(folder, name, context.effect);
  const temporary = join(folder, temporaryName(name));
  try {
    const { digest, rawBytes } = await context.effect(`store ${name}`, () =>
      write({ settings, temporary }, encoded, context),
    );
    await publishStored(temporary, join(folder, name), context.effect);
    return { name, ...digest, rawBytes, transforms };
  } catch (error) {
    // No effect of its own: those of an attempt that was told to stop do not happen, and this must.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
};

const write = async (
  { settings, temporary }: { settings: LocalSettings; temporary: string },
  { programs, rawBytesOf }: EncodedSource,
  context: StoreContext,
) => {
  const file = await open(temporary, 'wx+', 0o600);
  try {
    let digest: Digest = { bytes: 0, sha256: '' };
    const ended = await runPipeline(programs, {
      ...context,
      into: file,
      consume: (stdout: Readable) =>
        inRepository(settings, async () => {
          const writeback = writebackOf(file);
          digest = await digestOf(stdout, (_chunk, bytes) => writeback.written(bytes));
          await writeback.end();
        }),
    });
    await file.sync();
    return { digest, rawBytes: rawBytesOf(ended) };
  } finally {
    await file.close();
  }
};
