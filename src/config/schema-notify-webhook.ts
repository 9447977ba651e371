// How holdfast.yaml describes a webhook: where it is, what is sent there, and how the receiver knows who sends it.
import { z } from 'zod';
import { nearest } from './nearest.js';
import type { Template } from './notify-settings.js';
import { text } from './schema-values.js';
import { looksLikeReference, REFERENCE_FORMS, referenceProblem } from './secret-reference.js';
import { section } from './section.js';

/** @param description what it refers to */
export const reference = (description: string) =>
  z
    .string(`a secret is not written here; use ${REFERENCE_FORMS}`)
    .refine((value) => referenceProblem(value) === null, {
      error: (issue) => referenceProblem(String(issue.input)) ?? '',
    })
    .meta({ description: `${REFERENCE_FORMS} of ${description}` });

const URL_RULE = `must be a URL that begins with https:// or http://, or where it is secret: ${REFERENCE_FORMS}`;

/** Whoever knows such an address can write there. */
const SECRET_ADDRESS = /(^|\.)(slack\.com|discord(app)?\.com|webhook\.office\.com)$/;

const urlProblem = (value: string): string | null => {
  if (looksLikeReference(value)) return referenceProblem(value);
  if (!URL.canParse(value)) return URL_RULE;
  const { protocol, username, password, hostname, search } = new URL(value);
  if (protocol !== 'http:' && protocol !== 'https:') return URL_RULE;
  if (`${username}${password}` !== '' || /(key|token|secret|auth|pass)\w*=/i.test(search))
    return `holds a secret, which is not written here; use ${REFERENCE_FORMS}`;
  return SECRET_ADDRESS.test(hostname)
    ? `is a secret: whoever knows it can write there; use ${REFERENCE_FORMS}`
    : null;
};

const SECRET_HEADER = /auth|token|secret|key|cookie|password/i;

const headers = z
  .record(
    z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_|~-]+$/, 'must be the name of a header'),
    text('text, or a reference'),
  )
  .superRefine((given, context) => {
    for (const [name, value] of Object.entries(given)) {
      const isReference = looksLikeReference(value);
      const problem = isReference || SECRET_HEADER.test(name) ? referenceProblem(value) : null;
      if (problem !== null) context.addIssue({ code: 'custom', path: [name], message: problem });
    }
  });

/** What stands in braces in a template of one's own. */
export const PLACEHOLDERS = [
  ...['id', 'kind', 'title', 'text', 'cause', 'hint', 'deployment', 'what', 'tier', 'run', 'host', 'at'],
  ...['again', 'command', 'newestGood', 'newestProved', 'log'],
] as const;

export type Placeholder = (typeof PLACEHOLDERS)[number];

const json: z.ZodType<Template> = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(json), z.record(z.string(), json)]),
);

const TEMPLATES = ['ntfy', 'slack', 'discord'] as const;

const template = z.union([
  z.enum(TEMPLATES),
  z.record(z.string(), json).superRefine((given, context) => {
    for (const { path, name } of unknownPlaceholders(given))
      context.addIssue({ code: 'custom', path, message: unknownPlaceholder(name) });
  }),
]);

const unknownPlaceholder = (name: string): string => {
  const meant = nearest(name, PLACEHOLDERS);
  return `has no {${name}} to put in; ${meant === undefined ? `known are ${PLACEHOLDERS.join(', ')}` : `did you mean {${meant}}?`}`;
};

const unknownPlaceholders = (
  value: unknown,
  path: (string | number)[] = [],
): { path: (string | number)[]; name: string }[] => {
  if (typeof value === 'string')
    return [...value.matchAll(/\{(\w+)\}/g)].flatMap(([, name = '']) =>
      PLACEHOLDERS.some((known) => known === name) ? [] : [{ path, name }],
    );
  if (Array.isArray(value))
    return value.flatMap((item, index) => unknownPlaceholders(item, [...path, index]));
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, item]) => unknownPlaceholders(item, [...path, key]))
    : [];
};

export const webhookSchema = section({
  url: z
    .string(URL_RULE)
    .refine((value) => urlProblem(value) === null, {
      error: (issue) => urlProblem(String(issue.input)) ?? '',
    })
    .meta({ description: 'where it is sent, by POST: a URL, or a reference to one' }),
  template: template.optional().meta({ description: 'ntfy, slack, discord, or JSON of your own' }),
  secret: reference('what bodies are signed with (HMAC-SHA256)').optional(),
  headers: headers.optional().meta({ description: 'further headers: NAME: text or reference' }),
});
