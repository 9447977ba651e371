// A digest that depends on what is said and not on how it is ordered: keys sorted, undefined left out.
import { createHash } from 'node:crypto';

/** SHA-256, in hexadecimal, of the value's canonical JSON. */
export const digestOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value, sortKeys)).digest('hex');

const sortKeys = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value;
