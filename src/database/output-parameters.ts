// Settings of a database that change how its values are written: a copy of it is dumped with the same ones.
import type { DatabaseTarget } from '../config/targets.js';
import type { DatabaseFacts } from '../domain/manifest.js';

/** pg_dump sets the others by itself. */
const OF_OUTPUT: ReadonlySet<string> = new Set([
  'bytea_output',
  'xmlbinary',
  'lc_monetary',
  'quote_all_identifiers',
  'standard_conforming_strings',
]);

/** The target's connection parameters, with those settings. */
export const outputParameters = (
  { user, parameters }: Pick<DatabaseTarget, 'user' | 'parameters'>,
  { properties }: Pick<DatabaseFacts, 'properties'>,
): Record<string, string> => {
  const settings = new Map<string, string>();
  for (const who of [null, user])
    for (const { role, name, value } of properties.settings)
      if (role === who && OF_OUTPUT.has(name)) settings.set(name, value);
  if (settings.size === 0) return parameters;
  const given = [...settings].map(([name, value]) => `-c ${name}=${value.replace(/[\\\s]/g, '\\$&')}`);
  const { options, ...others } = parameters;
  return { ...others, options: [...given, ...(options === undefined ? [] : [options])].join(' ') };
};
