// What follows the question mark of a postgres:// URL: libpq's parameters. A plus sign is a plus sign there.
import { OWN_KEYWORDS, PART_KEYWORDS, PASSED_KEYWORDS } from './libpq-keywords.js';
import { nearest } from './nearest.js';
import { hasControl } from './server-parts.js';

type PartKeyword = (typeof PART_KEYWORDS)[number];

interface Query {
  /** What wins over the URL's first half. */
  parts: Partial<Record<PartKeyword, string>>;
  parameters: Record<string, string>;
}

export const readQuery = (text: string): Query | { problem: string } => {
  const query: Query = { parts: {}, parameters: {} };
  for (const pair of text.split('&').filter((part) => part !== '')) {
    const problem = take(query, pair);
    if (problem !== null) return { problem };
  }
  return query;
};

const take = (query: Query, pair: string): string | null => {
  const [key = '', value, ...rest] = pair.split('=').map(decode);
  if (key === null || value === undefined || value === null || rest.length > 0)
    return 'has something after the question mark that is not name=value, percent-encoded';
  if (hasControl(value)) return 'has a parameter that holds a control character';
  if (isPart(key)) query.parts[key] = value;
  else if (key === 'ssl' && value === 'true') query.parameters.sslmode = 'require';
  else if (PASSED_KEYWORDS.includes(key)) query.parameters[key] = value;
  else if (!OWN_KEYWORDS.includes(key)) return unknownKeyword(key);
  return null;
};

const unknownKeyword = (key: string): string => {
  const meant = nearest(key, PASSED_KEYWORDS);
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
  return `has the parameter ${key.slice(0, 40)}, which PostgreSQL’s programs do not take${hint}`;
};

const isPart = (key: string): key is PartKeyword => PART_KEYWORDS.some((part) => part === key);

const decode = (text: string): string | null => {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
};
