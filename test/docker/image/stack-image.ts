// The image of every container of the stack, made of this machine's own files, so that no registry is needed: PostgreSQL,
// redis, Node.js with the web application, a shell, and the programs that holdfast's own image and Temporal's take from their base.
import { createHash } from 'node:crypto';
import { chmod, copyFile, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { serverPrograms } from '../../support/postgres-installation.js';
import { moduleFolders } from './module-files.js';
import { packageFiles } from './packages.js';

const PACKAGES = [
  ...['bash', 'coreutils', 'findutils', 'grep', 'sed', 'mawk', 'gzip', 'util-linux', 'procps', 'libstdc++6'],
  ...[
    'postgresql',
    'redis-server',
    'tini',
    'zstd',
    'age',
    'tar',
    'libc-bin',
    'hostname',
    'netcat-traditional',
  ],
];
const FOLDERS = [
  ...['dev', 'proc', 'sys', 'run', 'tmp', 'root', 'data', 'var/lib/postgresql', 'var/tmp'],
  ...['etc/ssl/certs', 'usr/local/bin', 'srv/web/node_modules'],
];
const HERE = fileURLToPath(new URL('.', import.meta.url));
const LABEL = 'holdfast.test.stack';

export interface StackImage {
  tag: string;
  /** False where the engine had it already: then it stays. */
  made: boolean;
}

/** @param env how the engine is reached */
export const stackImage = async (env: Record<string, string>): Promise<StackImage> => {
  const recipe = await recipeDigest();
  const tag = `holdfast-test/stack:${recipe}`;
  const known = await execa('docker', ['image', 'inspect', tag], { env, reject: false });
  if (!known.failed) return { tag, made: false };
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-image-'));
  try {
    await archiveRoot(folder);
    const settings = [
      `LABEL ${LABEL}=${recipe}`,
      'ENV PATH=/usr/local/bin:/usr/sbin:/usr/bin LANG=C.UTF-8 PGDATA=/var/lib/postgresql/data',
      'ENTRYPOINT ["postgres-entrypoint.sh"]',
      'CMD ["postgres"]',
    ].flatMap((change) => ['--change', change]);
    await execa('docker', ['import', ...settings, join(folder, 'root.tar'), tag], { env });
  } finally {
    await rm(folder, { recursive: true });
  }
  return { tag, made: true };
};

/** What it is made from, as far as it is ours; the machine's packages hardly change between two runs. */
const recipeDigest = async (): Promise<string> => {
  const hash = createHash('sha256');
  for (const name of ['stack-image.ts', 'packages.ts', 'web.mjs', 'postgres-entrypoint.sh'])
    hash.update(await readFile(join(HERE, name)));
  return hash.update(process.version).update(serverPrograms()).digest('hex').slice(0, 12);
};

/** One archive from two places: what is ours, and this machine's own files where they lie. */
const archiveRoot = async (folder: string): Promise<void> => {
  const root = join(folder, 'root');
  const { here, archives } = await packageFiles(PACKAGES);
  await ourFiles(root);
  for (const archive of archives) await unpack(archive, root);
  await writeFile(join(folder, 'here'), here.join('\0'));
  const list = ['--null', '--verbatim-files-from', '--no-recursion', `--files-from=${join(folder, 'here')}`];
  const options = ['--create', '--owner=0', '--group=0', `--file=${join(folder, 'root.tar')}`];
  await execa('tar', [...options, `--directory=${root}`, '.', '--directory=/', ...list]);
};

/** Into /usr/lib what the package has in /lib: there it is a link. */
const unpack = async (archive: string, root: string): Promise<void> => {
  const tar = ['--extract', '--keep-directory-symlink', `--directory=${root}`];
  await execa('dpkg-deb', ['--fsys-tarfile', archive], { buffer: false }).pipe('tar', tar);
};

const ourFiles = async (root: string): Promise<void> => {
  const at = (...parts: string[]) => join(root, ...parts);
  for (const path of FOLDERS) await mkdir(at(path), { recursive: true });
  await chmod(at('tmp'), 0o1777);
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
    await mkdir(at('usr', name), { recursive: true });
    await symlink(`usr/${name}`, at(name));
  }
  await writeFile(
    at('etc/passwd'),
    'root:x:0:0::/root:/bin/bash\npostgres:x:999:999::/var/lib/postgresql:/bin/bash\n',
  );
  await writeFile(at('etc/group'), 'root:x:0:\npostgres:x:999:\n');
  await writeFile(at('etc/nsswitch.conf'), 'passwd: files\ngroup: files\nhosts: files dns\n');
  await copyFile('/etc/ssl/certs/ca-certificates.crt', at('etc/ssl/certs/ca-certificates.crt'));
  await copyFile(process.execPath, at('usr/local/bin/node'));
  await copyFile(join(HERE, 'postgres-entrypoint.sh'), at('usr/local/bin/postgres-entrypoint.sh'));
  await copyFile(join(HERE, 'web.mjs'), at('srv/web/web.mjs'));
  for (const folder of await moduleFolders('pg'))
    await cp(folder, at('srv/web/node_modules', basename(folder)), { recursive: true });
  const programs = serverPrograms();
  for (const name of [
    'psql',
    'pg_dump',
    'pg_dumpall',
    'pg_restore',
    'pg_isready',
    'postgres',
    'initdb',
    'pg_ctl',
  ])
    await symlink(join(programs, name), at('usr/local/bin', name));
  await symlink('mawk', at('usr/bin/awk'));
  await symlink('nc.traditional', at('usr/bin/nc'));
  await symlink('bash', at('usr/bin/sh'));
};
