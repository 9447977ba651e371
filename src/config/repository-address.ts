// A repository in one line, as `restore --from` takes it and the recovery sheet prints it: a folder, s3://bucket/prefix?…,
// rclone:REMOTE:PATH, restic:REPOSITORY. No secret is in it; credentials come from the environment.
import { resolve } from 'node:path';
import { Failure } from '../domain/failure.js';
import { pathText } from './problem.js';
import { type RepositorySettings, repositorySettings } from './repository-settings.js';
import type { S3Settings } from './s3-settings.js';
import { type RepositoryShape, repositorySchema } from './schema-repositories.js';
import { shapeProblems } from './shape-problems.js';

export interface Address {
  /** As it is written into holdfast.yaml. */
  shape: RepositoryShape;
  settings: RepositorySettings;
}

/** @throws INPUT_INVALID */
export const parseAddress = (text: string, name: string): Address => {
  const given = shapeOf(text);
  const parsed = repositorySchema.safeParse(given);
  if (parsed.success) return { shape: parsed.data, settings: repositorySettings(name, parsed.data) };
  const [problem] = shapeProblems(parsed.error.issues, given);
  const where = pathText(problem?.path ?? []);
  throw refused(text, `${where === '' ? 'it' : where} ${problem?.text ?? 'cannot be read'}`);
};

/** The line that leads back to it. */
export const addressOf = (settings: RepositorySettings): string => {
  switch (settings.kind) {
    case 'local':
      return settings.path;
    case 'rclone':
      return `rclone:${settings.remote}`;
    case 'restic':
      return `restic:${settings.repository}`;
    case 's3':
      return s3Address(settings);
    default:
      return settings satisfies never;
  }
};

const shapeOf = (text: string): object => {
  const [, kind, rest = ''] = /^(s3:\/\/|rclone:|restic:)(.*)$/s.exec(text) ?? [];
  if (kind === 's3://') return { s3: s3Shape(text, rest) };
  if (kind === 'rclone:') return { rclone: rest };
  if (kind === 'restic:') return { restic: rest, password: resticPassword(text), ...storageVariables() };
  if (/^[a-z0-9]+:/i.test(text)) throw refused(text, 'it is of no kind that is known');
  return { local: resolve(text) };
};

const OPTIONS = ['endpoint', 'region', 'forcePathStyle'];

const s3Shape = (text: string, rest: string): object => {
  const [place = '', query = ''] = rest.split(/\?(.*)/s);
  const [bucket, ...prefix] = place.split('/');
  const options = new URLSearchParams(query);
  const unknown = [...options.keys()].find((key) => !OPTIONS.includes(key));
  if (unknown !== undefined) throw refused(text, `${unknown} is none of ${OPTIONS.join(', ')}`);
  const { forcePathStyle, ...others } = Object.fromEntries(options);
  if (forcePathStyle !== undefined && !/^(true|false)$/.test(forcePathStyle))
    throw refused(text, 'forcePathStyle must be true or false');
  const path = prefix.map(decodeURIComponent).join('/');
  return {
    bucket,
    ...(path === '' ? {} : { prefix: path }),
    ...others,
    ...(forcePathStyle === undefined ? {} : { forcePathStyle: forcePathStyle === 'true' }),
  };
};

const s3Address = ({ bucket, prefix, endpoint, region, forcePathStyle }: S3Settings): string => {
  const options = new URLSearchParams({
    ...(endpoint === null ? {} : { endpoint }),
    region,
    ...(forcePathStyle === (endpoint !== null) ? {} : { forcePathStyle: String(forcePathStyle) }),
  });
  const place = [bucket, ...(prefix === '' ? [] : prefix.split('/').map(encodeURIComponent))].join('/');
  return `s3://${place}?${String(options).replaceAll('%3A', ':').replaceAll('%2F', '/')}`;
};

const resticPassword = (text: string): string => {
  if (process.env.RESTIC_PASSWORD) return 'env:RESTIC_PASSWORD';
  if (process.env.RESTIC_PASSWORD_FILE) return `file:${resolve(process.env.RESTIC_PASSWORD_FILE)}`;
  throw new Failure('INPUT_INVALID', `the password of ${text} is not known`, {
    hint: 'set RESTIC_PASSWORD_FILE to a file that only you can read, or RESTIC_PASSWORD',
  });
};

/** What restic's storage may need, as far as it is set. */
const storageVariables = (): { environment?: Record<string, string> } => {
  const names = Object.keys(process.env).filter((name) => STORAGE_VARIABLE.test(name));
  return names.length === 0
    ? {}
    : { environment: Object.fromEntries(names.map((name) => [name, `env:${name}`])) };
};

const STORAGE_VARIABLE = /^(AWS|AZURE|B2|GOOGLE|OS|ST|RESTIC_REST|RCLONE)_[A-Z0-9_]+$/;

const refused = (text: string, why: string): Failure =>
  new Failure('INPUT_INVALID', `${text} does not lead to a repository: ${why}`, {
    hint: 'give a folder, s3://BUCKET/PREFIX?endpoint=URL&region=NAME, rclone:REMOTE:PATH or restic:REPOSITORY',
  });
