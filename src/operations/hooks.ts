// Hooks, one after the other: the first one that fails fails its step and says so. After a crash a step runs again from its
// first command, so hooks must be safe to repeat (docs/configuration.md says it).
import type { HookSettings } from '../config/service-settings.js';
import type { Effect } from '../domain/effect.js';
import { asFailure, Failure } from '../domain/failure.js';
import { commandText, runConfigured } from '../tools/configured-command.js';
import { lookUp } from '../tools/find-program.js';
import { type HookFacts, type HookName, hookCommand } from '../tools/hook.js';
import type { ProcessRegister } from '../tools/process.js';

export interface HookRun {
  name: HookName;
  facts: HookFacts;
  signal: AbortSignal;
  processes: ProcessRegister;
  effect: Effect;
  /** For each command. */
  timeoutMs: number;
}

/**
 * Every command is one effect.
 * @throws HOOK_FAILED, naming hook, command and exit code, with its last words as evidence; the signal's reason
 */
export const runHooks = async (commands: readonly (readonly string[])[], run: HookRun): Promise<void> => {
  for (const [index, argv] of commands.entries()) {
    await run.effect(`run command ${index + 1} of the hook ${run.name}`, () => runHook(argv, run));
  }
};

/** Before anything is stopped. @throws TOOL_MISSING for a program that is not there */
export const requireHooks = async (hooks: HookSettings, names: readonly HookName[]): Promise<void> => {
  for (const name of names) {
    for (const [program = ''] of hooks[name]) await requireProgram(name, program);
  }
};

const requireProgram = async (name: HookName, program: string): Promise<void> => {
  if ((await lookUp(program)) !== null) return;
  const text = program.startsWith('/')
    ? `${program} is not there, or cannot be run`
    : `${program} is not installed`;
  throw new Failure('TOOL_MISSING', `hook ${name}: ${text}`, {
    hint: `install it, or mend hooks.${name} in holdfast.yaml`,
  });
};

const runHook = async (argv: readonly string[], run: HookRun): Promise<void> => {
  const { name, facts, processes, timeoutMs } = run;
  const deadline = AbortSignal.timeout(timeoutMs);
  const signal = AbortSignal.any([run.signal, deadline]);
  const command = hookCommand(name, argv, facts);
  const fails = (how: string, evidence: string | undefined, cause?: unknown): Failure =>
    new Failure('HOOK_FAILED', `hook ${name}: ${commandText(argv)} ${how}`, { evidence, cause });
  const { exitCode, summary, tail } = await runConfigured(command, { signal, processes }).catch(
    (error: unknown) => {
      run.signal.throwIfAborted();
      if (deadline.aborted) throw fails(`did not end within ${timeoutMs / 1000} s`, undefined);
      const failure = asFailure(error);
      throw fails(`failed: ${failure.message}`, failure.evidence, error);
    },
  );
  if (exitCode !== 0) throw fails(`failed (${summary})`, tail);
};
