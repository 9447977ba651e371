// What `rclone lsjson` prints.
import { z } from 'zod';
import { Failure } from '../../domain/failure.js';
import type { ObjectInfo } from '../repository.js';

const listing = z.array(
  z.looseObject({ Path: z.string(), Size: z.number(), ModTime: z.string(), IsDir: z.boolean() }).nullable(),
);

/** @param folder the listed one: its keys begin with it */
export const listedObjects = (text: string, folder: string): ObjectInfo[] => {
  const prefix = folder === '' ? '' : `${folder}/`;
  return parsed(text).flatMap((entry) =>
    entry === null || entry.IsDir
      ? []
      : [{ key: `${prefix}${entry.Path}`, bytes: entry.Size, modifiedAt: new Date(entry.ModTime) }],
  );
};

const parsed = (text: string): z.output<typeof listing> => {
  try {
    return listing.parse(JSON.parse(text));
  } catch (cause) {
    throw new Failure('TOOL_FAILED', 'rclone lsjson printed something that is no listing', {
      cause,
      evidence: text.slice(0, 1000),
    });
  }
};
