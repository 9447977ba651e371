// How a run ended, printed the same way whoever followed it: `backup`, `restore`, `undo` or `watch`.
import { findBackup, signedManifestOf } from '../catalog/catalog.js';
import type { CopyResult, VerifyResult } from '../domain/copies.js';
import type { DrillResult } from '../domain/drills.js';
import { asFailure, exitCodeOf, Failure } from '../domain/failure.js';
import type { BackupResult, DoctorResult, RestoreResult, RunKind, SettleResult } from '../domain/progress.js';
import type { PruneResult } from '../domain/prune.js';
import type { Output } from './output.js';
import { backupFacts } from './render/backup-facts.js';
import { copyLines, verifyLines } from './render/copies.js';
import { backupDrillLine, drillLines, drillNotes } from './render/drill.js';
import { backupLine, missingCopiesLines, restoreLines, undoLines } from './render/outcome.js';
import { prunedLines } from './render/prune.js';
import { failureLines } from './report-failure.js';
import type { Run, Session } from './session.js';

export const reportResult = async (
  session: Session,
  kind: RunKind | 'undo',
  result: unknown,
): Promise<number> => {
  if (kind === 'doctor') return reportDoctor(session.output, result as DoctorResult);
  if (kind === 'copy') return reportCopies(session.output, result as CopyResult);
  if (kind === 'verify') return reportVerified(session.output, result as VerifyResult);
  if (kind === 'prune') return reportPruned(session.output, result as PruneResult);
  if (kind === 'backup') return reportBackup(session, result as BackupResult);
  if (kind === 'drill') return reportDrill(session.output, result as DrillResult);
  if (kind === 'restore') reportRestore(session.output, result as RestoreResult, restoreLines);
  else if (kind === 'undo') reportRestore(session.output, result as RestoreResult, undoLines);
  else reportSettled(session.output, result as SettleResult);
  return 0;
};

/** The run goes on; its id is the answer. */
export const reportDetached = (
  run: Run,
  kind: 'backup' | 'restore' | 'drill' | 'copy' | 'verify',
  output: Output,
): number => {
  const id = run.handle.workflowId;
  if (output.json) output.answerJson({ run: id });
  else output.answer(id);
  if (kind === 'restore') output.say(`approve it, if it waits for that: holdfast approve ${id}`);
  output.say(`follow it: holdfast watch ${id}`);
  return 0;
};

/** The backup exists; its exit code is that of its drill, where it was to be drilled. */
const reportBackup = async (session: Session, result: BackupResult): Promise<number> => {
  await reportMade(session, result);
  const { output } = session;
  const { drill } = result;
  if (drill?.outcome === 'restored') output.say(backupDrillLine(drill));
  if (drill?.outcome !== 'failed') return 0;
  const { code, message, hint } = drill;
  const failure = new Failure(code, `the backup is complete; its drill failed: ${message}`, { hint });
  for (const line of failureLines(failure, output.paint)) output.say(line);
  return exitCodeOf(failure);
};

const reportMade = async ({ config, output }: Session, result: BackupResult): Promise<void> => {
  output.say(backupLine(result));
  for (const line of missingCopiesLines(result)) output.say(line);
  if (!output.json) {
    output.answer(result.backup);
    return;
  }
  const { deployment, backup } = result;
  try {
    const found = await findBackup(config, { deployment, id: backup });
    const { manifest } = await signedManifestOf(config, found);
    output.answerJson({
      ...backupFacts(manifest),
      durationMs: result.durationMs,
      copies: result.copies,
      ...(result.drill === undefined ? {} : { drill: result.drill }),
    });
  } catch (thrown) {
    output.say(`its manifest cannot be read from here: ${asFailure(thrown).message}`);
    output.answerJson(result);
  }
};

const reportRestore = (output: Output, result: RestoreResult, render: typeof restoreLines): void => {
  const [first = '', ...rest] = render(result);
  if (output.json) output.answerJson(result);
  else output.answer(first);
  for (const line of rest) output.say(line);
};

const reportDrill = (output: Output, result: DrillResult): number => {
  if (output.json) output.answerJson(result);
  else output.answer(drillLines(result).join('\n'));
  for (const line of drillNotes(result)) output.say(line);
  return 0;
};

const reportSettled = (output: Output, result: SettleResult): void =>
  output.json ? output.answerJson(result) : output.answer(result.outcome);

/** Exit code 1 while a copy is missing. */
const reportCopies = (output: Output, result: CopyResult): number => {
  if (output.json) output.answerJson(result);
  else output.answer(copyLines(result).join('\n'));
  return result.copies.every(({ state }) => state === 'complete') ? 0 : 1;
};

/** Exit code 1 while something is wrong. */
const reportVerified = (output: Output, result: VerifyResult): number => {
  if (output.json) output.answerJson(result);
  else output.answer(verifyLines(result).join('\n'));
  if (result.omitted > 0) output.say(`and ${result.omitted} more`);
  return result.ok ? 0 : 1;
};

/** Exit code of the first repository in which what should go did not. */
const reportPruned = (output: Output, result: PruneResult): number => {
  if (output.json) output.answerJson(result);
  else output.answer(prunedLines(result).join('\n'));
  if (result.ok) return 0;
  const wrong = result.repositories.find(({ state }) => state === 'stopped');
  const hint = wrong?.hint ?? '';
  if (hint !== '') output.say(`hint: ${hint}`);
  return wrong === undefined ? 1 : exitCodeOf(new Failure('PRUNE_STOPPED', wrong.problem));
};

/** Exit code 1 for problems, as `holdfast doctor` has it. */
const reportDoctor = (output: Output, result: DoctorResult): number => {
  if (output.json) output.answerJson(result);
  else output.answer([result.ok ? 'ready' : 'not ready', ...result.lines].join('\n'));
  if (result.omitted > 0) output.say(`and ${result.omitted} more: holdfast doctor shows them all`);
  return result.ok ? 0 : 1;
};
