// The commands that put back: their arguments, their help, their examples.
import { Failure } from '../domain/failure.js';
import { command, type Define } from './define-command.js';
import type { RecoverOptions } from './recovery/recover.js';
import type { RestoreOptions, UndoOptions } from './restore.js';

type AnyRestore = RestoreOptions & Partial<RecoverOptions>;

export const restore: Define = (program, output, finish) => {
  const example =
    'holdfast restore edms latest --only database\n  $ holdfast restore --from s3://bucket/holdfast --identity holdfast-key.txt';
  command(program, 'restore [deployment] [backup]', 'show the plan, ask, put a backup in place', example)
    .option('--repository <name>', 'take it from this repository')
    .option('--only <selector...>', 'database, files, database.NAME or files.NAME')
    .option('--in-place', 'into the live databases: for a role that may not create any')
    .option('--without-safety-backup', 'in place: make no backup of what is replaced')
    .option('--leave-stopped', 'do not start the services again')
    .option('--allow-unsigned', 'also a backup that nobody who is trusted has signed')
    .option('--confirm <deployment>', 'approve without being asked: the deployment’s name')
    .option('--detach', 'do not wait for its end')
    .option('--from <address>', 'on a machine that has nothing: folder, s3://…, rclone:… or restic:…')
    .option('--identity <file>', 'with --from: the secret key')
    .option('--trust <key>', 'with --from: the public signing key, as the recovery sheet has it')
    .option('--deployment <name>', 'with --from: which one, where there are several')
    .option('--yes', 'with --from: do not ask')
    .action(async (first: string | undefined, second: string | undefined, options: AnyRestore) => {
      const { from, ...others } = options;
      finish(
        from === undefined
          ? await ordinary(first, second, others)
          : await recovery(namedIn(first, second, options), { ...options, from }),
      );
    });

  const ordinary = async (name: string | undefined, backup: string | undefined, options: AnyRestore) => {
    refuse(options, ['identity', 'trust', 'deployment', 'yes'], 'only with --from');
    if (name === undefined) throw wrong('name the deployment');
    const request = { deployment: name, backup: backup ?? 'latest' };
    return (await import('./restore.js')).restore(request, options, output);
  };

  const recovery = async (backup: string, options: AnyRestore & { from: string }) => {
    const not = ['repository', 'only', 'inPlace', 'withoutSafetyBackup', 'leaveStopped', 'confirm', 'detach'];
    refuse(options, not, 'not with --from');
    return (await import('./recovery/recover.js')).recover(backup, options, output);
  };
};

export const undo: Define = (program, output, finish) => {
  const summary = 'put back what the last restore replaced';
  command(program, 'undo <deployment>', summary, 'holdfast undo edms')
    .option('--leave-stopped', 'do not start the services again')
    .option('--confirm <deployment>', 'approve without being asked: the deployment’s name')
    .option('--detach', 'do not wait for its end')
    .action(async (deployment: string, options: UndoOptions) => {
      finish(await (await import('./restore.js')).undo(deployment, options, output));
    });
};

/** With --from a backup alone may be named; a deployment before it counts as --deployment. */
const namedIn = (first: string | undefined, second: string | undefined, options: AnyRestore): string => {
  if (first === undefined) return 'latest';
  if (
    second === undefined &&
    (options.deployment !== undefined || first === 'latest' || /^\d{8}/.test(first))
  )
    return first;
  if (options.deployment !== undefined && options.deployment !== first)
    throw wrong(`--deployment ${options.deployment} and ${first} are two deployments`);
  options.deployment = first;
  return second ?? 'latest';
};

const refuse = (options: AnyRestore, keys: readonly string[], why: string): void => {
  const [key] = keys.filter((one) => Reflect.get(options, one) !== undefined);
  if (key === undefined) return;
  throw wrong(`--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} goes ${why}`);
};

const wrong = (message: string): Failure =>
  new Failure('INPUT_INVALID', message, { hint: 'holdfast restore --help shows how it is used' });
