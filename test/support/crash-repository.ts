// Where the backups of a crash world lie: in its folder `backups`, a plain one or a restic repository.
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { resticSnapshots } from '../../src/tools/restic-output.js';
import { DEPLOYMENT } from './crash-look.js';
import { makeResticTemplate, TEMPLATE_PASSWORD } from './restic-template.js';

export interface CrashRepository {
  /** Under `repositories` of holdfast.yaml. */
  settings(folder: string): object;
  /** An empty one. */
  create(folder: string): Promise<void>;
  /** A folder without a manifest is not a backup; no unfinished file stays. */
  leftovers(folder: string): Promise<string[]>;
}

export const plainBackups: CrashRepository = {
  settings: (folder) => ({ local: { local: join(folder, 'backups') } }),
  create: async (folder) => void (await mkdir(join(folder, 'backups'))),
  leftovers: async (folder) => {
    const backups = join(folder, 'backups', DEPLOYMENT);
    const ids = (await readdir(backups).catch(() => [])).filter(
      (name) => !['owner.json', 'log'].includes(name),
    );
    const log = await readdir(join(backups, 'log')).catch(() => []);
    const found = log.filter((name) => name.startsWith('.')).map((name) => `backups/log/${name}`);
    for (const id of ids) {
      const names = await readdir(join(backups, id));
      if (!names.includes('manifest.json')) found.push(`backups/${id} without a manifest: ${names}`);
      found.push(...names.filter((name) => name.startsWith('.')).map((name) => `backups/${id}/${name}`));
    }
    return found;
  },
};

export const resticBackups: CrashRepository = {
  settings: (folder) => ({
    vault: { restic: join(folder, 'backups'), password: `file:${join(folder, 'vault-password')}` },
  }),
  create: async (folder) => {
    await writeFile(join(folder, 'vault-password'), TEMPLATE_PASSWORD, { mode: 0o600 });
    await makeResticTemplate(join(folder, 'backups'));
  },
  leftovers: async (folder) => {
    const found = new Map<string, string[]>();
    for (const key of keysIn(join(folder, 'backups'))) {
      const [, backup = '', name] = key.split('/');
      if (name !== undefined && backup !== 'log') found.set(backup, [...(found.get(backup) ?? []), name]);
    }
    return [...found]
      .filter(([, names]) => !names.includes('manifest.json'))
      .map(([backup, names]) => `backups/${backup} without a manifest: ${names}`);
  },
};

const keysIn = (repository: string): string[] => {
  const args = ['--no-cache', '--no-lock', '--repo', repository, 'snapshots', '--json'];
  const env = { ...process.env, RESTIC_PASSWORD: TEMPLATE_PASSWORD };
  const tags = resticSnapshots(execFileSync('restic', args, { env, encoding: 'utf8' })).flatMap(
    (snapshot) => snapshot.tags,
  );
  return tags.filter((tag) => tag.startsWith('key=')).map((tag) => tag.slice('key='.length));
};
