// The one command that somebody gives next.
import type { Happening } from '../../domain/events.js';

/** Empty: there is nothing to be done. */
export const commandFor = ({
  kind,
  what,
  deployment,
  run,
  refused,
}: Pick<Happening, 'kind' | 'what' | 'deployment' | 'run' | 'refused'>): string => {
  if (refused) return '';
  switch (kind) {
    case 'late':
      return `holdfast watch ${run?.workflowId ?? ''}`.trim();
    case 'restore-waiting':
      return `holdfast approve ${run?.workflowId ?? ''}`.trim();
    case 'overdue':
      return `holdfast doctor ${deployment}`;
    case 'failed':
      return `holdfast ${AFTER_FAILURE[what]} ${deployment}`.trim();
    default:
      return '';
  }
};

/** `doctor` looks at all that a backup and a restore need, and says what to do. */
const AFTER_FAILURE: Record<Happening['what'], string> = {
  backup: 'doctor',
  restore: 'doctor',
  drill: 'drill',
  verify: 'verify --repair',
  copy: 'copy',
  prune: 'prune --dry-run',
};
