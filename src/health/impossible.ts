// What can be known of a health check without waiting: that it can never pass. For doctor, and for the plan of a restore.
import { lookup } from 'node:dns/promises';
import type { HealthCheckSettings } from '../config/service-settings.js';
import { asFailure } from '../domain/failure.js';
import { findContainer } from '../tools/docker.js';
import { lookUp } from '../tools/find-program.js';
import { containerLabel } from './container.js';
import { withoutQuery } from './http.js';

/** A sentence; null: nothing speaks against it. An engine or a resolver that does not answer proves nothing. */
export const impossible = async (
  settings: HealthCheckSettings,
  { databases }: { databases: readonly string[] },
): Promise<string | null> => {
  switch (settings.kind) {
    case 'http':
      return bodyless(settings) ?? (await unknownHost(withoutQuery(settings.url), hostOf(settings.url)));
    case 'tcp':
      return await unknownHost(`${settings.host}:${settings.port}`, settings.host);
    case 'command':
      return await missingProgram(settings.command[0] ?? '');
    case 'sql':
      return databases.includes(settings.database)
        ? null
        : `there is no database ${settings.database} in this deployment`;
    case 'container':
      return await missingContainer(settings.container);
  }
};

const WITHOUT_BODY = [204, 304];

const bodyless = (settings: Extract<HealthCheckSettings, { kind: 'http' }>): string | null =>
  WITHOUT_BODY.includes(settings.status) && (settings.contains !== null || settings.json !== null)
    ? `${withoutQuery(settings.url)}: an answer ${settings.status} has no body to look into`
    : null;

/** IPv6 addresses stand in brackets in a URL. */
const hostOf = (url: string): string => new URL(url).hostname.replace(/^\[|\]$/g, '');

const unknownHost = async (label: string, host: string): Promise<string | null> => {
  try {
    await lookup(host);
    return null;
  } catch (error) {
    const unknown = error instanceof Error && 'code' in error && error.code === 'ENOTFOUND';
    return unknown ? `${label} has a host name that does not resolve: ${host}` : null;
  }
};

const missingProgram = async (program: string): Promise<string | null> =>
  (await lookUp(program)) === null ? `${program} is not installed` : null;

const missingContainer = async (
  reference: Extract<HealthCheckSettings, { kind: 'container' }>['container'],
): Promise<string | null> => {
  try {
    await findContainer(reference);
    return null;
  } catch (error) {
    const { code, message } = asFailure(error);
    return code === 'UNKNOWN_SERVICE' || code === 'TOOL_MISSING'
      ? `${containerLabel(reference)}: ${message}`
      : null;
  }
};
