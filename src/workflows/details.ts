// A run's progress in words: the panel of current details in the Temporal UI, and the measures in it.
import type { Progress } from '../domain/progress.js';

const DECIDE =
  'To keep what was restored, send the update `decide` with `{"keep": true}`; to put back what was there before, with `{"keep": false}`.';

const SIGNS = { running: '…', done: '✓', failed: '✗' } as const;

export const markdown = (progress: Progress): string => {
  const { kind, deployment, backup, plan, steps, confirm } = progress;
  return [
    `**${kind} of ${deployment}: ${heading(progress)}**${backup === '' ? '' : ` (${backup})`}`,
    '',
    ...plan.map((line) => `- ${line}`),
    ...(confirm === ''
      ? []
      : ['', `To approve it, send the update \`approve\` with \`{"confirm": "${confirm}"}\`.`]),
    ...(progress.phase === 'waiting for a decision' ? ['', DECIDE] : []),
    '',
    ...steps.map(
      ({ name, state, detail }) => `- ${SIGNS[state]} ${name}${detail === '' ? '' : `: ${detail}`}`,
    ),
  ].join('\n');
};

/** `3 artifacts, 84.1 MB`. */
export const amount = ({ artifacts, bytes }: { artifacts: number; bytes: number }): string =>
  `${artifacts} ${artifacts === 1 ? 'artifact' : 'artifacts'}, ${megabytes(bytes)}`;

export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

export const duration = (ms: number): string => (ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`);

/** The phase; for a run that has ended, what it came to. */
const heading = ({ phase, steps, confirm }: Progress): string => {
  const last = steps.at(-1)?.state;
  if (phase === 'planning' && last === 'failed') return 'failed';
  if (phase === 'waiting for approval' && confirm === '') return 'not approved';
  return phase;
};
