// A health check over HTTP, as holdfast.yaml writes it: what is asked for, and what must come back.
import { z } from 'zod';
import { section } from './section.js';

const URL_RULE = 'must be a URL such as http://localhost:8000/health';

const urlProblem = (value: string): string | null => {
  if (!URL.canParse(value)) return URL_RULE;
  const { protocol, username, password } = new URL(value);
  if (protocol !== 'http:' && protocol !== 'https:') return URL_RULE;
  return username === '' && password === ''
    ? null
    : 'holds a user or a password, and secrets are not written here; check a page that needs none';
};

const STATUS_RULE = 'must be a status code from 200 to 599';
const PATH_RULE = 'must be the path of one value, such as checks.database or items[0].state';
const PATH_PATTERN = /^(?:\$\.?)?(?:[^.[\]$]+|\[\d+\])(?:\.[^.[\]]+|\[\d+\])*$/;

export const httpCheck = section({
  url: z
    .string()
    .refine((value) => urlProblem(value) === null, {
      error: (issue) => urlProblem(String(issue.input)) ?? '',
    })
    .meta({ description: 'what is asked for; redirects are not followed' }),
  status: z
    .int(STATUS_RULE)
    .min(200, STATUS_RULE)
    .max(599, STATUS_RULE)
    .optional()
    .meta({ description: 'what it must answer: 200 if it is left out' }),
  contains: z
    .string()
    .min(1, 'must not be empty')
    .optional()
    .meta({ description: 'text that the body must hold' }),
  json: section({
    path: z.string().regex(PATH_PATTERN, PATH_RULE).meta({ description: 'of a value in a JSON body' }),
    equals: z.union([z.string(), z.number(), z.boolean(), z.null()]).meta({ description: 'what it must be' }),
  }).optional(),
});
