// One line of the log: when, what, what came of it, of which backup, and the facts.
import type { ReadEntry } from '../../catalog/log.js';
import { isTrusted } from '../../domain/signature.js';
import { formatTime } from './format.js';

/** `2026-02-01 10:00:00 UTC  verify  intact  bytes=5000000 decode=true repository=local`. */
export const logLine = ({ at, kind, outcome, backup, facts, signer }: ReadEntry): string =>
  [
    formatTime(at),
    kind,
    onOneLine(outcome),
    ...(backup === '' ? [] : [backup]),
    ...Object.entries(facts).map(([name, value]) => `${name}=${plain(value)}`),
    ...(isTrusted(signer) ? [] : [`signed by ${signer.key}, which is not trusted here`]),
  ].join('  ');

/** Whoever can write into a repository chooses names and words. */
export const onOneLine = (text: string): string => text.replace(/\p{Cc}/gu, '?');

/** On one line, and told from its neighbours. */
const plain = (value: ReadEntry['facts'][string]): string => {
  const text = Array.isArray(value) ? value.join(',') : String(value);
  return /[\s"\\]|\p{Cc}/u.test(text) || text === '' ? JSON.stringify(text) : text;
};
