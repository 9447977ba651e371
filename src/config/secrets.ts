// Turns a reference into the secret, on the agent only and at the last moment. No message here repeats what it read.
import { Failure } from '../domain/failure.js';
import { rememberSecret } from './redacted.js';
import { parseReference, type SecretReference } from './secret-reference.js';
import { readTrustedFile } from './trusted-file.js';

/**
 * Runs a program without a shell and resolves with its stdout; rejects when it cannot be started or does not exit 0.
 * Handed in, because only src/tools starts processes and it lies above this layer.
 */
export type RunProgram = (program: string, args: string[]) => Promise<string>;

export interface ResolveOptions {
  /** Where the reference stands: `deployments.edms.database.password`. */
  path: string;
  run: RunProgram;
}

/** One line of text: a trailing newline is not part of a secret. Rejects with CONFIG_INVALID or the program's Failure. */
export const resolveSecret = async (reference: string, { path, run }: ResolveOptions): Promise<string> => {
  const { text, source, hint } = await readReference(reference, { path, run });
  const secret = text.replace(/\r?\n$/, '');
  if (secret === '') throw new Failure('CONFIG_INVALID', `${path}: ${source} is empty`, { hint });
  rememberSecret(secret);
  if (/[\0\r\n]/.test(secret))
    throw new Failure('CONFIG_INVALID', `${path}: ${source} holds more than one line`, { hint });
  return secret;
};

/** All that it refers to, and how to call that to people. */
export const readReference = async (
  reference: string,
  options: ResolveOptions,
): Promise<{ text: string; source: string; hint: string }> => {
  const parsed = parseReference(reference);
  if ('problem' in parsed) throw new Failure('CONFIG_INVALID', `${options.path}: ${parsed.problem}`);
  return { text: await read(parsed.reference, options), ...described(parsed.reference) };
};

const read = async (reference: SecretReference, options: ResolveOptions): Promise<string> => {
  switch (reference.kind) {
    case 'env':
      return readVariable(reference.name, options.path);
    case 'file':
      return await readFile(reference.path, options.path);
    case 'command':
      return await runCommand(reference, options);
  }
};

const readVariable = (name: string, path: string): string => {
  const value = process.env[name];
  if (value !== undefined) return value;
  throw new Failure('CONFIG_INVALID', `${path}: the environment variable ${name} is not set`, {
    hint: `set ${name} where the agent is started`,
  });
};

const readFile = async (file: string, path: string): Promise<string> => {
  const outcome = await readTrustedFile(file, { maxBytes: 65_536, secret: true });
  if (outcome.kind === 'text') return outcome.text;
  const problem = outcome.kind === 'missing' ? 'does not exist' : outcome.problem;
  throw new Failure('CONFIG_INVALID', `${path}: ${file} ${problem}`, {
    hint: 'mend that file or the reference to it, then try again',
  });
};

const runCommand = async (
  { program, args }: { program: string; args: string[] },
  { path, run }: ResolveOptions,
): Promise<string> => {
  try {
    return await run(program, args);
  } catch (error) {
    const failure = error instanceof Failure ? error : undefined;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure(failure?.code ?? 'TOOL_FAILED', `${path}: ${program} gave no secret: ${reason}`, {
      hint: `run it by hand, as the agent’s user: ${[program, ...args].join(' ')}`,
      retryable: failure?.retryable,
      evidence: failure?.evidence,
      cause: error,
    });
  }
};

const described = (reference: SecretReference): { source: string; hint: string } => {
  switch (reference.kind) {
    case 'env':
      return {
        source: `the environment variable ${reference.name}`,
        hint: `set ${reference.name} where the agent is started`,
      };
    case 'file':
      return { source: reference.path, hint: `write the secret into ${reference.path}, in one line` };
    case 'command':
      return {
        source: `what ${reference.program} printed`,
        hint: `run it by hand, as the agent’s user: ${[reference.program, ...reference.args].join(' ')}`,
      };
  }
};
