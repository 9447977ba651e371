// A mapping from names that people choose to what they name.
import { z } from 'zod';
import { NAME_PATTERN } from '../domain/names.js';

/** @param rule checks the names; it accepts nothing that NAME_PATTERN refuses */
export const named = <Value extends z.ZodType>(value: Value, rule: z.ZodString) =>
  z
    .record(z.string(), value)
    .superRefine(
      (mapping: unknown, context) => {
        for (const { path, message } of wrongNames(mapping, rule))
          context.addIssue({ code: 'custom', path, message });
      },
      // A record that checks its own keys leaves unread what stands under a wrong one; this way both are reported.
      { when: () => true },
    )
    .meta({ propertyNames: { pattern: NAME_PATTERN.source } });

const wrongNames = (mapping: unknown, rule: z.ZodString): { path: string[]; message: string }[] =>
  typeof mapping !== 'object' || mapping === null
    ? []
    : Object.keys(mapping).flatMap((key) =>
        (rule.safeParse(key).error?.issues ?? []).map(({ message }) => ({ path: [key], message })),
      );
