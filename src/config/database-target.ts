// What a deployment's database settings come to on this host: every reference resolved.
import { Failure } from '../domain/failure.js';
import type { DatabaseByUrl, DatabaseSettings } from './config.js';
import { parseDatabaseUrl } from './database-url.js';
import { rememberSecret } from './redacted.js';
import { looksLikeReference } from './secret-reference.js';
import { type RunProgram, resolveSecret } from './secrets.js';
import type { DatabaseTarget } from './targets.js';

/**
 * @param run starts the program of a `command:` reference (see RunProgram)
 * Rejects with CONFIG_INVALID, or with the Failure of `run`; both name the path in the configuration, never the secret.
 */
export const databaseTarget = async (
  settings: DatabaseSettings,
  run: RunProgram,
): Promise<DatabaseTarget> => {
  const { name, path } = settings;
  const password =
    settings.password === null
      ? null
      : await resolveSecret(settings.password, { path: `${path}.password`, run });
  if (settings.kind === 'url') return { name, ...(await fromUrl(settings, password, run)) };
  const { host, port, user, database } = settings;
  return { name, host, port, user, password, database, parameters: {} };
};

const fromUrl = async (settings: DatabaseByUrl, password: string | null, run: RunProgram) => {
  const path = `${settings.path}.url`;
  const isReference = looksLikeReference(settings.url);
  const parsed = parseDatabaseUrl(
    isReference ? await resolveSecret(settings.url, { path, run }) : settings.url,
  );
  if ('problem' in parsed)
    throw new Failure(
      'CONFIG_INVALID',
      `${path}: ${isReference ? 'refers to' : 'is'} a URL that ${parsed.problem}`,
    );
  if (password !== null && parsed.target.password !== null)
    throw new Failure('CONFIG_INVALID', `${settings.path}.password: the URL has a password already`, {
      hint: 'remove one of the two',
    });
  for (const secret of [parsed.target.password, parsed.target.parameters.sslpassword])
    rememberSecret(secret ?? '');
  return { ...parsed.target, password: password ?? parsed.target.password };
};
