// The commands about how long backups are kept: their arguments, their help, their examples.
import { command, type Define } from './define-command.js';
import type { CommonOptions } from './input.js';
import type { PruneOptions } from './prune.js';

export const prune: Define = (program, output, finish) => {
  const summary = 'remove what the tiers do not keep, and what interrupted runs left';
  command(program, 'prune [deployment]', summary, 'holdfast prune edms --dry-run')
    .option('--dry-run', 'say for every backup whether it would go, and why')
    .option('--force', 'also when more than half would go, or the clock is behind')
    .option('--drop-tier <name>', 'keep nothing any more for this tier, which is no longer configured')
    .action(async (deployment: string | undefined, options: PruneOptions) => {
      finish(await (await import('./prune.js')).prune(deployment, options, output));
    });
};

export const pin: Define = (program, output, finish) => {
  const example = 'holdfast pin edms 20260111T2247';
  command(program, 'pin <deployment> <backup>', 'keep a backup until it is unpinned', example).action(
    async (deployment: string, id: string, options: CommonOptions) => {
      finish(await (await import('./pin.js')).pin({ deployment, id, pinned: true }, options, output));
    },
  );
};

export const unpin: Define = (program, output, finish) => {
  const example = 'holdfast unpin edms 20260111T2247';
  command(program, 'unpin <deployment> <backup>', 'leave a backup to its tiers again', example).action(
    async (deployment: string, id: string, options: CommonOptions) => {
      finish(await (await import('./pin.js')).pin({ deployment, id, pinned: false }, options, output));
    },
  );
};
