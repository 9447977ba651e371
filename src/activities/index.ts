// All activities by name: what an agent registers, and what workflows know as types.
import { archiveFiles } from './backup/archive-files.js';
import { beginBackup } from './backup/begin-backup.js';
import { checksumArtifacts } from './backup/check-artifacts.js';
import { commitBackup } from './backup/commit-backup.js';
import { dumpDatabases } from './backup/dump-databases.js';
import { expectRun } from './backup/expect-run.js';
import { planBackup } from './backup/plan-backup.js';
import { listBackupsToVerify, planVerify } from './copies/backups-to-verify.js';
import { copyBackup, listMissingCopies, planCopies } from './copies/copies.js';
import { inspectRepository } from './copies/inspect-repository.js';
import { noteVerified } from './copies/note-verified.js';
import { listRepositoriesToPrune, pruneRepository, sweepRepository } from './copies/prune.js';
import { verifyBackup } from './copies/verify.js';
import type { Dependencies } from './dependencies.js';
import { checkDeployment, listDeployments } from './doctor/check-deployment.js';
import { beginDrill } from './drill/begin-drill.js';
import { noteUnplannedDrill } from './drill/note-unplanned-drill.js';
import { planDrill } from './drill/plan-drill.js';
import { proveDrill } from './drill/prove-drill.js';
import { clearDrill, keepPrevious, releaseBackup, rollBackOperation } from './end-operation.js';
import { beginRestore } from './restore/begin-restore.js';
import { fetchArtifacts } from './restore/fetch-artifacts.js';
import { awaitHealth, lookAtHealth } from './restore/health.js';
import { makeWay } from './restore/make-way.js';
import { planRestore } from './restore/plan-restore.js';
import { restoreInPlace } from './restore/restore-in-place.js';
import { makeSafetyBackup } from './restore/safety-backup.js';
import { stageDatabases } from './restore/stage-databases.js';
import { stageTrees } from './restore/stage-trees.js';
import { swap } from './restore/swap.js';
import {
  quietServices,
  resumeServices,
  runAfterRestore,
  runBackupHook,
  startServices,
  stopServices,
} from './services.js';
import { settleOperation } from './settle-operation.js';
import { tell } from './tell.js';

/** Short ones: on the agent's own queue. */
export const quickActivities = (dependencies: Dependencies) => ({
  expectRun: expectRun(dependencies),
  planBackup: planBackup(dependencies),
  beginBackup: beginBackup(dependencies),
  commitBackup: commitBackup(dependencies),
  releaseBackup: releaseBackup(dependencies),
  planRestore: planRestore(dependencies),
  beginRestore: beginRestore(dependencies),
  makeWay: makeWay(dependencies),
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
  noteUnplannedDrill: noteUnplannedDrill(dependencies),
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
  tell: tell(dependencies),
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
