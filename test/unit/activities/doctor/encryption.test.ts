import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lookAtEncryption } from '../../../../src/activities/doctor/encryption.js';
import { ageKey, type Key } from '../../../support/age-keys.js';
import { backUp } from '../../../support/backup-by-hand.js';
import { createFilesDeployment, type FilesDeployment } from '../../../support/files-deployment.js';

let deployment: FilesDeployment;
let mine: Key;

beforeEach(async () => {
  deployment = await createFilesDeployment();
  mine = ageKey(deployment.folder, 'mine');
});

afterEach(() => {
  vi.unstubAllEnvs();
  return deployment.remove();
});

/** `level message` of each finding. */
const said = async (beside: object = {}): Promise<string[]> => {
  await deployment.configure({}, beside);
  const config = await deployment.dependencies.loadConfig();
  const [edms] = Object.values(config.deployments);
  if (edms === undefined) throw new Error('no deployment');
  const findings = await lookAtEncryption(config, edms, new AbortController().signal);
  return findings.map(({ level, message }) => `${level} ${message}`);
};

const encryption = (identity?: string) => ({
  encryption: { recipients: [mine.recipient], ...(identity === undefined ? {} : { identity }) },
});

describe('what others can read', () => {
  const S3 = { s3: { bucket: 'backups' } };
  const here = () => ({ local: join(deployment.folder, 'backups') });

  it('is worth a warning, and that it leaves this host is said', async () => {
    expect(await said()).toEqual([
      'warning backups in local are not encrypted: whoever can read them has the data',
    ]);
    expect(await said({ repositories: { usb: here(), offsite: S3 } })).toEqual([
      'warning backups in usb are not encrypted: whoever can read them has the data',
      'warning backups in offsite are not encrypted: whoever can read them has the data, and it leaves this host',
    ]);
  });

  it('is nothing where restic or rclone encrypt by themselves', async () => {
    const config = join(deployment.folder, 'rclone.conf');
    await writeFile(config, '[far]\ntype = sftp\n\n[secret]\ntype = crypt\nremote = far:x\n');
    vi.stubEnv('RCLONE_CONFIG', config);
    const vault = { restic: '/srv/vault', password: 'env:VAULT' };
    expect(await said({ repositories: { vault, secret: { rclone: 'secret:holdfast' } } })).toEqual([]);
    expect(await said({ repositories: { vault, far: { rclone: 'far:secret' } } })).toEqual([
      expect.stringMatching(/^warning backups in far are not encrypted/),
    ]);
  });

  it('are copies of a restic repository, whoever the recipients are', async () => {
    const vault = { restic: '/srv/vault', password: 'env:VAULT' };
    expect(await said({ repositories: { vault, offsite: S3 }, ...encryption() })).toEqual([
      expect.stringMatching(/^warning backups in offsite are not encrypted/),
    ]);
  });
});

describe('the key', () => {
  it('need not be here: such an agent can only encrypt', async () => {
    expect(await said(encryption())).toEqual([
      expect.stringMatching(
        /^ok backups are encrypted to age1\S+; this agent can encrypt only, restores need the key$/,
      ),
    ]);
  });

  it('opens the newest backup, which is named, or what it will encrypt', async () => {
    const withKey = encryption(`file:${mine.file}`);
    expect((await said(withKey))[0]).toMatch(/^ok .* there is no backup yet$/);
    const { backup } = await backUp(deployment.dependencies, 'edms');
    expect((await said(withKey))[0]).toMatch(
      new RegExp(`^ok .*opens the newest one, ${backup} in local, by files\\.storage\\.tar\\.zst\\.age$`),
    );
  });

  it('is a problem when it is another one, or one that cannot be read', async () => {
    expect(await said(encryption(`file:${ageKey(deployment.folder, 'other').file}`))).toEqual([
      expect.stringMatching(/^problem the key that is here does not open what is encrypted to age1/),
    ]);
    expect(await said(encryption('file:/nowhere/key.txt'))).toEqual([
      'problem encryption.identity: /nowhere/key.txt does not exist',
    ]);
  });

  it('that opens what is encrypted now and not the newest backup is a problem, too', async () => {
    await said(encryption());
    await backUp(deployment.dependencies, 'edms');
    mine = ageKey(deployment.folder, 'of-this-year');
    expect(await said(encryption(`file:${mine.file}`))).toEqual([
      expect.stringMatching(
        /^problem 20\S+ is encrypted to age1\S+, and the key that is here opens none of it$/,
      ),
    ]);
  });

  it('is not asked of a backup that was made before', async () => {
    const { backup } = await backUp(deployment.dependencies, 'edms');
    expect((await said(encryption(`file:${mine.file}`)))[0]).toMatch(
      new RegExp(`^ok .*the newest one, ${backup}, was made before and is not$`),
    );
  });
});
