// A run's progress as Markdown: the panel of current details in the Temporal UI.
import type { Progress } from '../domain/progress.js';

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
    '',
    ...steps.map(
      ({ name, state, detail }) => `${SIGNS[state]} ${name}${detail === '' ? '' : `: ${detail}`}  `,
    ),
  ].join('\n');
};

/** The phase; for a run that has ended, what it came to. */
const heading = ({ phase, steps, confirm }: Progress): string => {
  const last = steps.at(-1)?.state;
  if (phase === 'rolling back' && last === 'done') return 'rolled back';
  if (phase === 'planning' && last === 'failed') return 'failed';
  if (phase === 'waiting for approval' && confirm === '') return 'not approved';
  return phase;
};
