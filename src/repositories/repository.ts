// A place where backups live: the contract. Every kind keeps all of these promises; one suite in test/contract proves it.
import type { Readable } from 'node:stream';
import type { RepositorySettings } from '../config/config.js';
import type { Effect } from '../domain/effect.js';
import type { StoredArtifact } from '../domain/manifest.js';
import type { Source, StoreContext } from './source.js';

export type { Source, StoreContext } from './source.js';

export interface SmallObject {
  key: string;
  bytes: Buffer;
}

/** An artifact without what only the backup knows of it. */
export type StoredObject = Pick<
  StoredArtifact,
  'name' | 'bytes' | 'rawBytes' | 'sha256' | 'transforms' | 'added'
>;

/** An object as another repository holds it. */
export interface StoredBytes {
  bytes: number;
  sha256: string;
  open(offset: number): Promise<Readable>;
}

export interface ReceiveContext {
  signal: AbortSignal;
  effect: Effect;
  /** No byte for so long: Failure STALLED. Milliseconds; 0 = never. */
  stallTimeoutMs: number;
  /** Bytes that are there so far, those of earlier attempts included. */
  onProgress?: (bytes: number) => void;
  /**
   * Absolute path of a file of this copy's own, for what must be remembered between attempts (upload id, part checksums).
   * Its folder exists; whoever calls removes the file once the copy is whole.
   */
  journal: string;
}

export interface ObjectInfo {
  /** `edms/20260111T224748Z-full-3f9a/manifest.json`. */
  key: string;
  bytes: number;
  modifiedAt: Date;
}

/** What `store` left to `putTogether`: StoreContext’s `later`. */
export interface LeftForLater {
  /** Where the notes of it lie. */
  folder: string;
  artifacts: readonly Pick<StoredObject, 'name' | 'bytes' | 'sha256'>[];
}

/** What an interrupted attempt left that is no object: an unfinished file or upload, parts that nothing names, an empty folder. */
export interface Unfinished {
  /** Where it lies: `edms/20260111T224748Z-full-3f9a/…`. */
  key: string;
  /** `an unfinished upload`. */
  words: string;
  /** When something last happened to it. */
  modifiedAt: Date;
  /** Gone already is fine. */
  remove(effect: Effect): Promise<void>;
}

export interface MendContext {
  signal: AbortSignal;
  effect: Effect;
  /** Private, and of this repository alone: what must outlive a kill lies there. Made where it is missing, and gone at the end. */
  folder: string;
}

export interface Repository {
  name: string;
  kind: RepositorySettings['kind'];
  /** For people: a path, a URL without secrets. */
  location: string;
  /**
   * Stores a source under `folder` in one pass. The artifact appears under its name only when every program ended well
   * and every byte is durable; on failure or abort nothing is left, and what a killed attempt left is cleared away. An
   * artifact of that name from an earlier attempt is replaced: until the manifest is there, nobody relies on it. Once it is
   * there, nothing is stored any more: Failure OPERATION_LOST. DISK_FULL when there is no room.
   */
  store(folder: string, source: Source, context: StoreContext): Promise<StoredObject>;
  /**
   * Stores what another repository holds, under the same key, and goes on where an interrupted attempt stopped: what has
   * arrived is not sent again. It appears under its key only whole and with the announced size and SHA-256 (else
   * CORRUPT_ARTIFACT, and nothing is left). There already and equal is success; there already with other contents is
   * CORRUPT_ARTIFACT, and it stays: whoever wants to replace it removes it first.
   */
  receive(key: string, stored: StoredBytes, context: ReceiveContext): Promise<void>;
  /**
   * As `receive`, and with its promises, where both can settle it among themselves and no byte need pass through here.
   * false: these two cannot, and nothing was done.
   */
  receiveFrom?(
    key: string,
    stored: Pick<StoredBytes, 'bytes' | 'sha256'> & { from: RepositorySettings },
    context: ReceiveContext,
  ): Promise<boolean>;
  /** The stored bytes from `offset`, none beyond the end. Failure CORRUPT_ARTIFACT when the object is missing. */
  open(key: string, offset?: number): Promise<Readable>;
  /** A small object, never overwritten: equal bytes are success, others a Failure. Durable when it returns. */
  put(key: string, bytes: Buffer, effect: Effect): Promise<void>;
  /**
   * Small objects of one folder, each as by `put`: they appear at once, and with them what was left for later. Only where that
   * is quicker than one after the other.
   */
  putTogether?(objects: readonly SmallObject[], effect: Effect, later?: LeftForLater): Promise<void>;
  /** A small object; null when there is none. May know one that this process put or read before: `open` reads it. */
  get(key: string): Promise<Buffer | null>;
  /**
   * Every complete object whose key starts with `folder/`. A folder that is not there holds nothing. With `name`, those
   * called `folder/<one more>/name` are enough, where that is quicker.
   */
  list(folder: string, name?: string): Promise<ObjectInfo[]>;
  /** Names of the folders right below `folder/`, where that is quicker than to list what is in them. */
  folders?(folder: string): Promise<string[]>;
  /** Removes one object. Gone already is fine. */
  remove(key: string, effect: Effect): Promise<void>;
  /** Removes one folder's objects, its manifest first, and what an interrupted attempt left there. Gone already is fine. */
  removeFolder(folder: string, effect: Effect): Promise<void>;
  /** Everything below `folder/` that is not finished, whoever is at it: what is in use is for whoever calls to know. */
  unfinished(folder: string): Promise<Unfinished[]>;
  /** Bytes that still fit; null when it cannot be known. */
  freeBytes(): Promise<number | null>;
  /**
   * Where the kind counts and hashes by itself what it stores: whether it has these objects of a folder whole, without
   * reading all of them again. Failure CORRUPT_ARTIFACT. Where there is none, whoever wants to know reads the objects.
   * @param notes folder of what was left for later
   */
  confirm?(folder: string, stored: LeftForLater['artifacts'], notes?: string): Promise<void>;
  /**
   * Frees what removed objects took, where removing does not. May take long, and nobody else can use it meanwhile. false:
   * somebody of this process uses it, and nothing was done.
   */
  reclaim?(effect: Effect, now?: () => Date): Promise<boolean>;
  /** Whether this process removed something since it was last asked: there where `reclaim` is. */
  takeRemoved?(): boolean;
  /**
   * The kind’s own check of how it keeps objects, without their contents: what is wrong, in plain words. null: somebody uses
   * it. Only where an object is more than a file.
   */
  inspect?(signal: AbortSignal): Promise<string[] | null>;
  /**
   * Takes out what is damaged in how the kind keeps objects, so that its bytes are stored anew with the next object that has
   * them; whatever can be read stays readable. What cannot is missing then, as `list` or `open` say. Only where bytes that
   * are there are not stored twice. false: somebody uses it, and nothing was done.
   */
  mend?(context: MendContext): Promise<boolean>;
  /** Failure REPOSITORY_UNREACHABLE when it cannot be read and written. Leaves nothing behind. */
  check(): Promise<void>;
  /** Whether, of two that put at the very same moment, one is refused. Left out where that is so, or known not to be. */
  conditionalPuts?(): Promise<boolean>;
}
