import { execFile } from 'node:child_process';
import { chmod, mkdtemp, open, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { openSecrets } from '../../../../src/operations/init/open-secrets.js';

const folderWith = async (text: string, mode: number): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-env-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, '.env'), text);
  await chmod(join(folder, '.env'), mode);
  return folder;
};

it.each([
  ['POSTGRES_PASSWORD=hunter2\nPORT=80', 'POSTGRES_PASSWORD'],
  ['DB_PWD=hunter2\nPWD=/srv', 'DB_PWD'],
  ['DATABASE_URL=postgres://shop:hunter2@db/shop', 'DATABASE_URL'],
  ['A=1\nDB_PASS="hunter2"\nSECRET_KEY_BASE=hunter2\nAPI_TOKEN=hunter2', 'API_TOKEN and 2 more'],
])(
  'a password that everybody can read is said without its value, and left as it is: %j',
  async (text, name) => {
    const folder = await folderWith(text, 0o644);
    const file = join(folder, '.env');
    expect(await openSecrets(folder)).toBe(
      `everybody on this host can read ${file}, where ${name} stands: chmod 600 .env`,
    );
    expect((await stat(file)).mode & 0o777).toBe(0o644);
  },
);

it.each([
  ['that is private', 'POSTGRES_PASSWORD=hunter2', 0o600],
  ['that its group can read', 'POSTGRES_PASSWORD=hunter2', 0o640],
  ['whose password is empty', 'POSTGRES_PASSWORD=\nPORT=80', 0o644],
  ['that names a file which holds one', 'POSTGRES_PASSWORD_FILE=/run/secrets/db', 0o644],
  ['that names the shell’s folders', 'PWD=/srv/shop\nOLDPWD=/srv', 0o644],
  ['that says how long a token lasts', 'TOKEN_TTL=3600\nACCESS_TOKEN_EXPIRES_IN=15m', 0o644],
  ['with a URL that holds none', 'DATABASE_URL=postgres://shop@db:5432/shop', 0o644],
])('nothing is said of a file %s', async (_what, text, mode) => {
  expect(await openSecrets(await folderWith(text, mode))).toBeNull();
});

it('one that is removed while it is read ends nothing', async () => {
  const folder = await folderWith('', 0o644);
  const file = join(folder, '.env');
  await rm(file);
  await promisify(execFile)('mkfifo', ['-m', '644', file]);
  const [found, writing] = [openSecrets(folder), await open(file, 'w')];
  await rm(file);
  await writing.writeFile('POSTGRES_PASSWORD=hunter2');
  await writing.close();
  expect(await found).toContain('POSTGRES_PASSWORD');
});

it('nothing is said where there is no file', async () => {
  const folder = await folderWith('', 0o644);
  await rm(join(folder, '.env'));
  expect(await openSecrets(folder)).toBeNull();
});
