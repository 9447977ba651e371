// Roles first: what a restore gives to them fails on a server that lacks them.
import type { Deployment } from '../../config/config.js';
import { type MadeRoles, makeMissingRoles } from '../../database/missing-roles.js';
import { runEffect } from '../../domain/effect.js';
import { asFailure, Failure } from '../../domain/failure.js';
import type { Manifest } from '../../domain/manifest.js';
import { locateDatabase } from '../../operations/locate.js';
import { type GlobalsPlace, readGlobals } from '../../operations/read-globals.js';

const NONE: MadeRoles = { made: [], withoutPassword: [], refused: [] };

/** Only those that are missing; their passwords, where a reference gives them. */
export const recoverRoles = async (
  manifest: Manifest,
  { databases }: Deployment,
  place: GlobalsPlace,
): Promise<MadeRoles> => {
  if (manifest.databases.length === 0) return NONE;
  const targets = await Promise.all(databases.map(locateDatabase));
  const globals = await readGlobals(manifest, place);
  const [server] = targets;
  if (globals === null || server === undefined) return NONE;
  const passwords = new Map(
    targets.flatMap(({ user, password }) => (password === null ? [] : [[user, password] as const])),
  );
  try {
    const wanted = { globals, passwords, applicationName: 'holdfast:recovery', effect: runEffect };
    return await makeMissingRoles(server, wanted);
  } catch (error) {
    throw explained(error, server.user);
  }
};

const explained = (error: unknown, user: string): unknown => {
  const failure = asFailure(error);
  if (failure.code !== 'DATABASE_CREDENTIALS') return error;
  return new Failure(failure.code, failure.message, {
    hint: `make the role that holdfast.yaml names on the new server first (create role ${user} superuser login password …), then run this again`,
    cause: error,
  });
};
