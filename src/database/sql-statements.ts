// The statements of a script that pg_dumpall wrote: split at semicolons outside quotes, comments left out.

/** Each without its semicolon. Knows '…' and "…" with doubled quotes, E'…' with backslashes, and comments to the line's end. */
export const sqlStatements = (script: string): string[] => {
  const statements: string[] = [];
  let statement = '';
  for (const [piece] of script.matchAll(PIECES)) {
    if (piece.startsWith('--')) continue;
    if (piece !== ';') statement += piece;
    else {
      statements.push(statement.trim());
      statement = '';
    }
  }
  return statements.filter((one) => one !== '');
};

const PIECES = /--[^\n]*|\b[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|;|[^-;'"eE]+|[\s\S]/g;
