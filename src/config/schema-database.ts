// How a database is named in holdfast.yaml: by a URL, or by its parts. Passwords are references in both.
import { z } from 'zod';
import { parseDatabaseUrl, URL_FORM } from './database-url.js';
import { containerSchema } from './schema-services.js';
import { looksLikeReference, parseReference, REFERENCE_FORMS } from './secret-reference.js';
import { section } from './section.js';
import { hostProblem, identifierProblem } from './server-parts.js';

/** Text about which `problemOf` has nothing to say. Whatever else is written there is answered by `expected`, never repeated. */
const checkedText = (problemOf: (value: string) => string | null, expected?: string) =>
  z.string(expected).refine((value) => problemOf(value) === null, {
    error: (issue) => problemOf(String(issue.input)) ?? '',
  });

const NO_PASSWORD_HERE = `a password is not written here; use ${REFERENCE_FORMS}`;

const passwordProblem = (value: string): string | null => {
  if (!looksLikeReference(value)) return NO_PASSWORD_HERE;
  const parsed = parseReference(value);
  return 'problem' in parsed ? parsed.problem : null;
};

const URL_EXPECTED = `must be ${REFERENCE_FORMS}, or ${URL_FORM} without a password`;

const urlProblem = (value: string): string | null => {
  if (looksLikeReference(value)) return passwordProblem(value);
  if (!/^postgres(ql)?:/.test(value)) return URL_EXPECTED;
  const parsed = parseDatabaseUrl(value);
  if ('problem' in parsed) return `is a URL that ${parsed.problem}`;
  const { password, parameters } = parsed.target;
  return password === null && !('sslpassword' in parameters)
    ? null
    : `a URL with a password is not written here; use ${REFERENCE_FORMS}`;
};

const identifier = (description: string) =>
  checkedText((value) => identifierProblem(value)).meta({ description });

const PORT_RULE = 'must be a number from 1 to 65535';

/** What says where a server is, and as whom it is connected to. */
export const serverFields = {
  url: checkedText(urlProblem, URL_EXPECTED)
    .optional()
    .meta({ description: `${REFERENCE_FORMS} of a URL, or ${URL_FORM}` }),
  host: checkedText((value) => (value === '' ? 'is empty' : hostProblem(value)))
    .optional()
    .meta({ description: 'a host name, an address, or the folder of a Unix socket' }),
  port: z
    .int(PORT_RULE)
    .min(1, PORT_RULE)
    .max(65_535, PORT_RULE)
    .optional()
    .meta({ description: '5432 if it is left out' }),
  user: identifier('the role that backs up and restores').optional(),
  password: checkedText(passwordProblem, NO_PASSWORD_HERE).optional().meta({ description: REFERENCE_FORMS }),
};

const { user, password, ...place } = serverFields;

export const databaseSchema = section({
  ...place,
  name: identifier('the database’s name on the server').optional(),
  user,
  password,
  container: containerSchema.optional().meta({
    description: 'where the server runs: its address is found through Docker, port is the one inside',
  }),
});

export type DatabaseShape = z.output<typeof databaseSchema>;
