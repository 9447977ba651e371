// Does a run wait for approval at this moment?
import type { RunView } from './run-view.js';

export const waitsForApproval = ({ status, progress }: RunView): boolean =>
  status === 'RUNNING' && progress !== null && progress.confirm !== '';
