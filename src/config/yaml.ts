// YAML text to plain values. Problems name line and column and never quote the line: it may hold a password.
import { type Document, isAlias, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import type { Problem } from './problem.js';

export const parseYaml = (text: string): { value: unknown } | { problems: Problem[] } => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problems: Finding[] = [
    ...document.errors.map(({ code, message, pos }) => ({ offset: pos[0], text: reasonOf(code, message) })),
    ...document.warnings.map(({ pos }) => ({ offset: pos[0], text: REASONS.TAG_RESOLVE_FAILED })),
    ...refusedNodes(document),
  ];
  return problems.length === 0 ? plainValue(document) : { problems: inLines(problems, lines) };
};

const plainValue = (document: Document): { value: unknown } | { problems: Problem[] } => {
  try {
    return { value: document.toJS() };
  } catch (error) {
    // Aliases that stand for so many others that the value would not fit into memory.
    if (!(error instanceof ReferenceError)) throw error;
    return { problems: [{ path: [], text: 'the file uses *names of *names too often' }] };
  }
};

interface Finding {
  /** Where in the text. */
  offset: number;
  text: string;
}

/** The first finding of each line: the others mostly follow from it. */
const inLines = (findings: readonly Finding[], lines: LineCounter): Problem[] => {
  const found = new Map<number, Problem>();
  for (const { offset, text } of findings.toSorted((a, b) => a.offset - b.offset)) {
    const { line, col } = lines.linePos(offset);
    if (!found.has(line)) found.set(line, { path: [], text: `line ${line}, column ${col}: ${text}` });
  }
  return [...found.values()];
};

/** The library's sentence, less the piece of the file that it quotes at its end. */
const reasonOf = (code: string, message: string): string => REASONS[code] ?? message.replace(/: ".*$/s, '');

const REASONS = {
  DUPLICATE_KEY: 'this key is given twice',
  MULTIPLE_DOCS: 'one file holds one configuration; a second document begins here',
  TAB_AS_INDENT: 'indent with spaces, not with tabs',
  TAG_RESOLVE_FAILED: 'a text that begins with ! must be quoted',
  BAD_DQ_ESCAPE: 'within double quotes \\ begins an escape; single quotes take it as it is',
  BAD_ALIAS: 'a text that begins with * or & must be quoted',
} as Partial<Record<string, string>> & { TAG_RESOLVE_FAILED: string };

/** What YAML allows but the configuration does not. */
const refusedNodes = (document: Document): Finding[] => {
  const found: Finding[] = [];
  visit(document, {
    Node: (_key, node) => {
      const offset = node.range?.[0] ?? 0;
      if (isAlias(node) && node.resolve(document) === undefined)
        found.push({ offset, text: 'no & before it defines this *name; quote a text that begins with *' });
      // Assigning to this key would change the object instead of filling it.
      if (isScalar(node) && node.value === '__proto__')
        found.push({ offset, text: 'this word is not allowed' });
    },
  });
  return found;
};
