import { describe, expect, it } from 'vitest';
import type { DatabaseTarget } from '../../../src/config/targets.js';
import { connectionConfigs } from '../../../src/database/connection.js';

const target = (parameters: Record<string, string>, host = 'db.example.com'): DatabaseTarget => ({
  name: 'main',
  host,
  port: 5432,
  user: 'app',
  password: 'secret',
  database: 'app',
  parameters,
});

const tls = async (given: DatabaseTarget) =>
  (await connectionConfigs(given, { database: 'app', applicationName: 'test' })).map(({ ssl }) => ssl);

describe('a connection', () => {
  it('tries TLS and then plain text unless something else is asked for, as libpq does', async () => {
    expect(await tls(target({}))).toEqual([{ rejectUnauthorized: false }, false]);
    expect(await tls(target({ sslmode: 'allow' }))).toEqual([false, { rejectUnauthorized: false }]);
  });

  it('never falls back to plain text when TLS is required', async () => {
    expect(await tls(target({ sslmode: 'require' }))).toEqual([{ rejectUnauthorized: false }]);
  });

  it('checks the certificate, and with verify-full the name in it', async () => {
    const [authority] = await tls(target({ sslmode: 'verify-ca' }));
    expect(authority).toMatchObject({ rejectUnauthorized: true, checkServerIdentity: expect.any(Function) });
    const [full] = await tls(target({ sslmode: 'verify-full' }));
    expect(full).toEqual({ rejectUnauthorized: true, host: 'db.example.com' });
  });

  it('checks the certificate when a root is given for require', async () => {
    const [checked] = await tls(target({ sslmode: 'require', sslrootcert: 'system' }));
    expect(checked).toMatchObject({ rejectUnauthorized: true });
  });

  it('carries no TLS over a Unix socket', async () => {
    expect(await tls(target({ sslmode: 'require' }, '/var/run/postgresql'))).toEqual([false]);
  });

  it('takes no password from the environment when none is configured', async () => {
    const [config] = await connectionConfigs(
      { ...target({}), password: null },
      { database: 'app', applicationName: 'x' },
    );
    const password = config?.password;
    expect(typeof password === 'function' && (await password())).toBe('');
  });
});
