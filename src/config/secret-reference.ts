// Secrets are not written into holdfast.yaml but referred to: env:NAME, file:/path, command:program args.
import { isAbsolute } from 'node:path';

export type SecretReference =
  | { kind: 'env'; name: string }
  | { kind: 'file'; path: string }
  | { kind: 'command'; program: string; args: string[] };

export const REFERENCE_FORMS = 'env:NAME, file:/path or command:program args';

export const looksLikeReference = (text: string): boolean => /^(env|file|command):/.test(text);

/** The reference, or what is wrong with it. A text that is no reference may be a secret: it is never repeated. */
export const parseReference = (text: string): { reference: SecretReference } | { problem: string } => {
  const [, kind, rest = ''] = /^(env|file|command):(.*)$/s.exec(text) ?? [];
  switch (kind) {
    case 'env':
      return parseEnv(rest);
    case 'file':
      return parseFile(rest);
    case 'command':
      return parseCommand(rest);
    default:
      return { problem: `a secret is not written here; use ${REFERENCE_FORMS}` };
  }
};

/** Why the text is no reference; null: it is one. */
export const referenceProblem = (text: string): string | null => {
  const parsed = parseReference(text);
  return 'problem' in parsed ? parsed.problem : null;
};

const parseEnv = (name: string) =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)
    ? { reference: { kind: 'env' as const, name } }
    : { problem: 'env: takes the name of an environment variable: env:NAME' };

const parseFile = (path: string) =>
  isAbsolute(path) && !path.includes('\0')
    ? { reference: { kind: 'file' as const, path } }
    : { problem: 'file: takes an absolute path: file:/path' };

/** No shell runs it, so what only a shell understands is refused instead of being passed on as it is. */
const parseCommand = (line: string) => {
  const [program = '', ...args] = line.trim().split(/ +/);
  if (program === '') return { problem: 'command: takes a program and its arguments: command:program args' };
  if (/['"\\`$|;&<>\p{Cc}]/u.test(line))
    return { problem: 'command: runs no shell, so quotes and other shell syntax belong in a script' };
  if (program.includes('/') && !isAbsolute(program))
    return { problem: 'command: takes the name of a program on PATH or its absolute path' };
  return { reference: { kind: 'command' as const, program, args } };
};
