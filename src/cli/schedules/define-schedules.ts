// The commands about what runs by itself: their arguments, their help, their examples.
import { command, type Define, group } from '../define-command.js';
import type { CommonOptions } from '../input.js';
import type { PauseOptions } from './pause-schedules.js';
import type { ApplyOptions } from './schedules.js';

export const schedules: Define = (program, output, finish) => {
  const load = () => import('./schedules.js');
  const loadPause = () => import('./pause-schedules.js');
  const under = group(program, 'schedules', 'what runs by itself: backups, verifications and drills');
  command(under, 'list', 'when each runs next, and how it went last', 'holdfast schedules list').action(
    async (options: CommonOptions) => {
      finish(await (await load()).listSchedules(options, output));
    },
  );
  command(under, 'apply', 'make them as holdfast.yaml has them', 'holdfast schedules apply --dry-run')
    .option('--dry-run', 'only say what would be changed')
    .action(async (options: ApplyOptions) => {
      finish(await (await load()).apply(options, output));
    });
  command(
    under,
    'pause [deployment] [tier]',
    'start no runs until they are resumed',
    'holdfast schedules pause edms daily',
  )
    .option('--reason <text>', 'why: shown by list and in the Temporal UI')
    .action(async (deployment: string | undefined, name: string | undefined, options: PauseOptions) => {
      finish(await (await loadPause()).pause({ deployment, name }, options, output));
    });
  command(
    under,
    'resume [deployment] [tier]',
    'start runs again',
    'holdfast schedules resume edms daily',
  ).action(async (deployment: string | undefined, name: string | undefined, options: CommonOptions) => {
    finish(await (await loadPause()).resume({ deployment, name }, options, output));
  });
};
