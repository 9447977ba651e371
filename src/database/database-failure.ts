// What PostgreSQL and node-postgres throw, as the one error that people see.
import pg from 'pg';
import type { DatabaseTarget } from '../config/targets.js';
import { Failure } from '../domain/failure.js';
import type { FailureCode } from '../domain/failure-codes.js';

/** By SQLSTATE, or by its class (the first two characters): appendix A of PostgreSQL's manual. */
const BY_STATE: Record<string, FailureCode> = {
  '08': 'DATABASE_UNREACHABLE',
  '28': 'DATABASE_CREDENTIALS',
  '3D000': 'UNKNOWN_DATABASE',
  '42501': 'DATABASE_RIGHTS',
  '53100': 'DISK_FULL',
  '53300': 'DATABASE_UNREACHABLE',
  '57P01': 'DATABASE_UNREACHABLE',
  '57P02': 'DATABASE_UNREACHABLE',
  '57P03': 'DATABASE_UNREACHABLE',
  '57P05': 'DATABASE_UNREACHABLE',
};

/** Waiting helps: locks, deadlocks, an object in use or dropped under our hands, a cancelled statement. */
const PASSING = new Set(['40001', '40P01', '42P01', '55006', '55P03', '57014']);

/** Anything that is neither PostgreSQL's nor node-postgres's comes back as it is. */
export const databaseFailure = (thrown: unknown, target: DatabaseTarget, database: string): unknown => {
  if (thrown instanceof Failure || !(thrown instanceof Error)) return thrown;
  const where = `${target.user}@${target.host}:${target.port}/${database}`;
  if (thrown instanceof pg.DatabaseError) return fromServer(thrown, where);
  if (!isConnectionError(thrown)) return thrown;
  const code = /password/i.test(thrown.message) ? 'DATABASE_CREDENTIALS' : 'DATABASE_UNREACHABLE';
  return new Failure(code, `no connection to ${where}: ${wordsOf(thrown)}`, { cause: thrown });
};

const fromServer = (error: pg.DatabaseError, where: string): Failure => {
  const state = error.code ?? '';
  const code = BY_STATE[state] ?? BY_STATE[state.slice(0, 2)] ?? 'DATABASE_NOT_READY';
  const evidence = [error.detail, error.hint, error.where].filter((line) => line !== undefined).join('\n');
  return new Failure(code, `PostgreSQL (${where}): ${error.message}`, {
    cause: error,
    retryable: PASSING.has(state) ? true : undefined,
    evidence: `SQLSTATE ${state}\n${evidence}`.trim().slice(0, 4000),
  });
};

/** System errors of the socket, of TLS and of name resolution carry a code; node-postgres's own have only words. */
const isConnectionError = (error: Error): boolean =>
  ('syscall' in error &&
    'code' in error &&
    /^(connect|read|write|getaddrinfo)/.test(String(error.syscall))) ||
  ('code' in error &&
    /^(ERR_TLS|ERR_SSL|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_)/.test(String(error.code))) ||
  error instanceof AggregateError ||
  /^(Connection terminated|timeout expired|Client (has encountered|was closed)|SASL:|There was an error establishing an SSL|The server does not support SSL|Password must)/.test(
    error.message,
  );

/** A host with several addresses fails with one error for each. */
const wordsOf = (error: Error): string =>
  error instanceof AggregateError ? error.errors.map(String).join('; ') : error.message;
