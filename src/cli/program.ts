// Every command: its arguments, its help, its example. What a command does is loaded when it is called.
import { Command, Option } from 'commander';
import { holdfastVersion } from '../config/version.js';
import { BACKUP_TYPES } from '../domain/names.js';
import type { ApproveOptions } from './approve.js';
import type { BackupOptions } from './backup.js';
import type { DecideOptions } from './decide.js';
import { command, type Define } from './define-command.js';
import { copy, verify } from './define-copies.js';
import { drill } from './define-drill.js';
import { pin, prune, unpin } from './define-prune.js';
import { restore, undo } from './define-restore.js';
import type { DoctorOptions } from './doctor.js';
import { init } from './init/define-init.js';
import type { CommonOptions } from './input.js';
import { keys } from './keys/define-keys.js';
import type { ListOptions } from './list.js';
import type { Output } from './output.js';
import { schedules } from './schedules/define-schedules.js';
import type { StatusOptions } from './status/status.js';

/** @param finish gets the exit code of the command that ran */
export const createProgram = (output: Output, finish: (exitCode: number) => void): Command => {
  const program = new Command('holdfast')
    .description('Durable backup and restore of PostgreSQL databases and the files that belong to them.')
    .version(holdfastVersion(), '--version', 'print the version')
    .helpOption('--help', 'show help')
    .helpCommand(false)
    .configureOutput({ outputError: () => undefined })
    .exitOverride();
  for (const define of COMMANDS) define(program, output, finish);
  return program.addHelpText('after', '\nholdfast COMMAND --help shows an example of each.');
};

const up: Define = (program, output) => {
  command(program, 'up', 'server and agent in the foreground, until SIGTERM or Ctrl-C', 'holdfast up')
    .option('--once', 'stop as soon as no command needs it', false)
    .action(async ({ config, once }: CommonOptions & { once: boolean }) => {
      const module = await import('./up.js');
      await module.up(config === undefined ? { once } : { config, once }, output.say);
    });
};

const doctor: Define = (program, output, finish) => {
  command(program, 'doctor [deployment]', 'would a backup and a restore work?', 'holdfast doctor edms')
    .option('--repository <name>', 'try this repository out: write, read, list, overwrite, remove')
    .option('--notify', 'send a test message to everybody who is told of trouble')
    .action(async (deployment: string | undefined, options: DoctorOptions) => {
      finish(await (await import('./doctor.js')).doctor(deployment, options, output));
    });
};

const backup: Define = (program, output, finish) => {
  command(program, 'backup <deployment>', 'make a backup and print its id', 'holdfast backup edms')
    .addOption(
      new Option('--type <type>', 'what to back up').choices([...BACKUP_TYPES]).default(BACKUP_TYPES[0]),
    )
    .option('--tier <name>', 'why it is kept', 'manual')
    .option('--take-over', 'this host backs it up from now on, and no longer the one that did')
    .option('--drill', 'then restore it beside everything and compare it')
    .option('--pin', 'keep it until somebody unpins it')
    .option('--detach', 'start it and do not wait')
    .action(async (deployment: string, options: BackupOptions) => {
      finish(await (await import('./backup.js')).backup(deployment, options, output));
    });
};

const list: Define = (program, output, finish) => {
  command(program, 'list [deployment]', 'the backups that exist, newest first', 'holdfast list edms')
    .option('--repository <name>', 'only those in this repository')
    .action(async (deployment: string | undefined, options: ListOptions) => {
      finish(await (await import('./list.js')).list(deployment, options, output));
    });
};

const show: Define = (program, output, finish) => {
  const example = 'holdfast show edms 20260111T2247';
  command(program, 'show <deployment> <backup>', 'everything about one backup', example).action(
    async (deployment: string, id: string, options: CommonOptions) => {
      finish(await (await import('./show.js')).show({ deployment, backup: id }, options, output));
    },
  );
};

const watch: Define = (program, output, finish) => {
  command(program, 'watch [run]', 'follow a run, or list those that are open', 'holdfast watch').action(
    async (run: string | undefined, options: CommonOptions) => {
      finish(await (await import('./watch.js')).watch(run, options, output));
    },
  );
};

const approve: Define = (program, output, finish) => {
  const example = 'holdfast approve holdfast.edms.restore';
  command(program, 'approve <run>', 'show the plan of a waiting restore and approve it', example)
    .option('--confirm <deployment@backup>', 'approve without being asked')
    .action(async (run: string, options: ApproveOptions) => {
      finish(await (await import('./approve.js')).approve(run, options, output));
    });
};

const decide: Define = (program, output, finish) => {
  const summary = 'keep or roll back a restore whose application is as unhealthy as before';
  command(program, 'decide <run>', summary, 'holdfast decide holdfast.edms.restore --keep')
    .addOption(new Option('--keep', 'keep what was restored').conflicts('rollBack'))
    .addOption(new Option('--roll-back', 'put back what was there before').conflicts('keep'))
    .action(async (run: string, options: DecideOptions) => {
      finish(await (await import('./decide.js')).decide(run, options, output));
    });
};

const giveUp: Define = (program, output, finish) => {
  const summary = 'end a roll-back that cannot succeed; what is left is settled later';
  command(program, 'give-up <run>', summary, 'holdfast give-up holdfast.edms.restore').action(
    async (run: string, options: CommonOptions) => {
      finish(await (await import('./give-up.js')).giveUp(run, options, output));
    },
  );
};

const status: Define = (program, output, finish) => {
  command(
    program,
    'status [deployment]',
    'did it work? backups, copies, proofs, what is wrong',
    'holdfast status edms',
  )
    .option('--log', 'instead: every entry of the signed log, oldest first')
    .option('--verify', 'of the log: check every signature and whether an entry is missing')
    .action(async (deployment: string | undefined, options: StatusOptions) => {
      finish(await (await import('./status/status.js')).status(deployment, options, output));
    });
};

const COMMANDS: readonly Define[] = [
  init,
  up,
  doctor,
  backup,
  list,
  show,
  status,
  copy,
  verify,
  drill,
  prune,
  pin,
  unpin,
  schedules,
  restore,
  undo,
  watch,
  approve,
  decide,
  giveUp,
  keys,
];
