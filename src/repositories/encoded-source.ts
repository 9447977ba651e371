// What a source becomes where streams are stored: compressed, then encrypted where there is somebody to encrypt to.
import type { StoredArtifact } from '../domain/manifest.js';
import { ageEncrypt } from '../tools/age.js';
import type { Command } from '../tools/command.js';
import type { Ended } from '../tools/process.js';
import { tarCreate } from '../tools/tar.js';
import { rawBytesOf, zstdCompress } from '../tools/zstd.js';
import type { Source } from './repository.js';

export interface EncodedSource {
  /** As it is stored: `database.main.dump.zst.age`. */
  name: string;
  /** The last one's stdout is what is stored. */
  programs: Command[];
  transforms: StoredArtifact['transforms'];
  /** How much went in; null where zstd did not say. @param ended of all the programs, in their order */
  rawBytesOf: (ended: readonly Ended[]) => number | null;
}

interface Encoding {
  /** Empty: it is not encrypted. */
  recipients: readonly string[];
  /** For people: what the last program writes into by itself. */
  writesInto?: string;
}

export const encodedSource = (source: Source, { recipients, writesInto }: Encoding): EncodedSource => {
  const programs = programsOf(source);
  const rawBytes = (ended: readonly Ended[]) => rawBytesOf(ended[programs.length]?.stderr ?? '');
  return recipients.length === 0
    ? {
        name: `${source.name}.zst`,
        programs: [...programs, zstdCompress(writesInto)],
        transforms: ['zstd'],
        rawBytesOf: rawBytes,
      }
    : {
        name: `${source.name}.zst.age`,
        programs: [...programs, zstdCompress(), ageEncrypt(recipients, writesInto)],
        transforms: ['zstd', 'age'],
        rawBytesOf: rawBytes,
      };
};

export const programsOf = (source: Source): readonly Command[] =>
  source.kind === 'tree' ? [tarCreate(source)] : source.programs;
