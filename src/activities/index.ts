// All activities by name: what an agent registers, and what workflows know as types.
import { archiveFiles } from './archive-files.js';
import { listBackupsToVerify, planVerify } from './backups-to-verify.js';
import { beginBackup } from './begin-backup.js';
import { beginDrill } from './begin-drill.js';
import { beginRestore } from './begin-restore.js';
import { checksumArtifacts } from './check-artifacts.js';
import { checkDeployment, listDeployments } from './check-deployment.js';
import { commitBackup } from './commit-backup.js';
import { copyBackup, listMissingCopies, planCopies } from './copies.js';
import type { Dependencies } from './dependencies.js';
import { dumpDatabases } from './dump-databases.js';
import { clearDrill, keepPrevious, releaseBackup, rollBackOperation } from './end-operation.js';
import { expectRun } from './expect-run.js';
import { fetchArtifacts } from './fetch-artifacts.js';
import { awaitHealth, lookAtHealth } from './health.js';
import { inspectRepository } from './inspect-repository.js';
import { noteVerified } from './note-verified.js';
import { planBackup } from './plan-backup.js';
import { planDrill } from './plan-drill.js';
import { planRestore } from './plan-restore.js';
import { proveDrill } from './prove-drill.js';
import { listRepositoriesToPrune, pruneRepository, sweepRepository } from './prune.js';
import { restoreInPlace } from './restore-in-place.js';
import { makeSafetyBackup } from './safety-backup.js';
import {
  quietServices,
  resumeServices,
  runAfterRestore,
  runBackupHook,
  startServices,
  stopServices,
} from './services.js';
import { settleOperation } from './settle-operation.js';
import { stageDatabases } from './stage-databases.js';
import { stageTrees } from './stage-trees.js';
import { swap } from './swap.js';
import { verifyBackup } from './verify.js';

/** Short ones: on the agent's own queue. */
export const quickActivities = (dependencies: Dependencies) => ({
  expectRun: expectRun(dependencies),
  planBackup: planBackup(dependencies),
  beginBackup: beginBackup(dependencies),
  commitBackup: commitBackup(dependencies),
  releaseBackup: releaseBackup(dependencies),
  planRestore: planRestore(dependencies),
  beginRestore: beginRestore(dependencies),
  runBackupHook: runBackupHook(dependencies),
  quietServices: quietServices(dependencies),
  resumeServices: resumeServices(dependencies),
  lookAtHealth: lookAtHealth(dependencies),
  stopServices: stopServices(dependencies),
  swap: swap(dependencies),
  runAfterRestore: runAfterRestore(dependencies),
  startServices: startServices(dependencies),
  awaitHealth: awaitHealth(dependencies),
  keepPrevious: keepPrevious(dependencies),
  rollBackOperation: rollBackOperation(dependencies),
  planDrill: planDrill(dependencies),
  beginDrill: beginDrill(dependencies),
  clearDrill: clearDrill(dependencies),
  settleOperation: settleOperation(dependencies),
  planCopies: planCopies(dependencies),
  listMissingCopies: listMissingCopies(dependencies),
  planVerify: planVerify(dependencies),
  listBackupsToVerify: listBackupsToVerify(dependencies),
  noteVerified: noteVerified(dependencies),
  listRepositoriesToPrune: listRepositoriesToPrune(dependencies),
  listDeployments: listDeployments(dependencies),
  checkDeployment: checkDeployment(dependencies),
});

/** Long ones, few at a time: on the transfer queue. */
export const transferActivities = (dependencies: Dependencies) => ({
  dumpDatabases: dumpDatabases(dependencies),
  archiveFiles: archiveFiles(dependencies),
  checksumArtifacts: checksumArtifacts(dependencies),
  copyBackup: copyBackup(dependencies),
  verifyBackup: verifyBackup(dependencies),
  inspectRepository: inspectRepository(dependencies),
  fetchArtifacts: fetchArtifacts(dependencies),
  stageDatabases: stageDatabases(dependencies),
  makeSafetyBackup: makeSafetyBackup(dependencies),
  restoreInPlace: restoreInPlace(dependencies),
  stageTrees: stageTrees(dependencies),
  proveDrill: proveDrill(dependencies),
  pruneRepository: pruneRepository(dependencies),
  sweepRepository: sweepRepository(dependencies),
});

export type QuickActivities = ReturnType<typeof quickActivities>;
export type TransferActivities = ReturnType<typeof transferActivities>;
