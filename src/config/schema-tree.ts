// The shape of what stands under `files`: a folder or a Docker volume, whole or in part.
import { z } from 'zod';
import { includeProblem } from '../domain/include-pattern.js';
import { absolutePath, volumeName } from './schema-values.js';
import { section } from './section.js';

const entry = z.string().refine((given) => includeProblem(given) === null, {
  error: (issue) => includeProblem(String(issue.input)) ?? '',
});

const ASIDE_ONLY = 'needs restore: aside beside it: what is stored in part is never swapped in';

export const treeSchema = z.union([
  absolutePath('the folder to back up'),
  section(
    {
      path: absolutePath('the folder to back up').optional(),
      volume: volumeName.optional().meta({ description: 'the Docker volume to back up' }),
      include: z
        .array(entry)
        .min(1, 'must name at least one')
        .optional()
        .meta({ description: 'store only these: names below path, * and ? for part of a name' }),
      restore: z
        .literal('aside')
        .optional()
        .meta({ description: 'aside: a restore puts it beside, into a folder named after the backup' }),
    },
    ['exclude'],
  )
    .refine(({ path, volume }) => (path === undefined) !== (volume === undefined), {
      error: 'must have either path or volume',
      when: ({ issues }) => issues.length === 0,
    })
    .refine(({ include, restore }) => include === undefined || restore !== undefined, {
      error: ASIDE_ONLY,
      path: ['include'],
      when: ({ issues }) => issues.length === 0,
    }),
]);
