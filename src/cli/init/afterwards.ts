// After holdfast.yaml was written: would it work, what keeps it running, the first backup and the proof that it restores.
import { loadConfig } from '../../config/load.js';
import { asFailure } from '../../domain/failure.js';
import type { Draft } from '../../operations/init/draft.js';
import { toFillIn } from '../../operations/init/render-draft.js';
import { checkDeployments } from '../doctor.js';
import type { Output } from '../output.js';
import { type DeploymentFindings, findingsLines } from '../render/findings.js';
import { reportFailure } from '../report-failure.js';
import { askWhether } from './answers.js';
import { initFacts } from './facts.js';
import { offerService } from './keep-running.js';
import { nextLines } from './next-lines.js';
import type { Written } from './written.js';

/** Exit code 0 when everything would work, and what was made at once did. */
export const afterwards = async (written: Written, output: Output): Promise<number> => {
  const { draft, asks } = written;
  const gaps = toFillIn(draft);
  for (const { path, what } of gaps) output.say(`fill in ${path}: ${what}`);
  const found = gaps.length > 0 ? null : await doctorPage(draft, output);
  if (output.json) output.answerJson(initFacts(written, found));
  const ready = found?.ok === true;
  const made = asks && !output.json ? await offers(written, ready, output) : 0;
  for (const line of nextLines(written)) output.say(line);
  return ready ? made : 1;
};

const doctorPage = async (
  { file, deployment }: Draft,
  output: Output,
): Promise<DeploymentFindings | null> => {
  const [found = null] = await checkDeployments(await loadConfig({ file }), deployment);
  if (found !== null && !output.json) output.answer(findingsLines(found, output.paintAnswer).join('\n'));
  return found;
};

/** The file stays whatever is answered, Ctrl-C included. Gives the exit code of what was run. */
const offers = async (written: Written, ready: boolean, output: Output): Promise<number> => {
  const { file } = written.draft;
  try {
    await offerService(written, output);
    return ready ? await firstBackup(written.draft, output) : 0;
  } catch (thrown) {
    const failure = asFailure(thrown);
    if (failure.code !== 'CANCELLED') return reportFailure(failure, output);
    output.say(`${file} stays as it was written`);
    return 0;
  }
};

const firstBackup = async ({ file: config, deployment }: Draft, output: Output): Promise<number> => {
  if (!(await askWhether('Make the first backup now?', true))) return 0;
  const { backup } = await import('../backup.js');
  const made = await backup(deployment, { config, type: 'full', tier: 'manual' }, output);
  if (made !== 0 || !(await askWhether('Prove that it restores, beside everything (a drill)?', true)))
    return made;
  const { drill } = await import('../drill.js');
  return drill({ deployment, backup: 'latest' }, { config }, output);
};
