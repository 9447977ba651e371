// The connection of a command, or of the supervisor, to Temporal. It loads no worker: the commands stay quick.
import { Client, Connection, type ConnectionOptions } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { Config } from '../config/config.js';
import { Failure } from '../domain/failure.js';
import {
  addressOf,
  EMBEDDED_NAMESPACE,
  isServerProcessAlive,
  readServerRecord,
  uiUrlOf,
} from './server-record.js';

export interface TemporalConnection {
  client: Client;
  namespace: string;
  address: string;
  /** null where holdfast does not know it. */
  uiUrl: string | null;
  close(): Promise<void>;
}

export interface TemporalAddress {
  /** Fits a worker's NativeConnection too. */
  options: Pick<ConnectionOptions, 'tls' | 'metadata'> & { address: string; apiKey?: string };
  namespace: string;
  uiUrl: string | null;
}

/** @throws TEMPORAL_UNREACHABLE */
export const connectTemporal = async (
  config: Pick<Config, 'state' | 'temporal'>,
): Promise<TemporalConnection> => {
  const { options, namespace, uiUrl } = await temporalAddress(config);
  const connection = Connection.lazy({ ...options, connectTimeout: 5000 });
  try {
    await connection.ensureConnected();
  } catch (error) {
    await connection.close();
    throw unreachable(`Temporal does not answer on ${options.address}`, error);
  }
  const client = new Client({ connection, namespace });
  return { client, namespace, address: options.address, uiUrl, close: () => connection.close() };
};

/** Where Temporal is. With an address, TEMPORAL_* variables and temporal.toml win over holdfast.yaml. @throws TEMPORAL_UNREACHABLE */
export const temporalAddress = async ({
  state,
  temporal,
}: Pick<Config, 'state' | 'temporal'>): Promise<TemporalAddress> => {
  if (temporal.kind === 'embedded') return embeddedAddress(state);
  const { connectionOptions, namespace } = readEnvironment();
  const { apiKey, tls, metadata, address = temporal.address } = connectionOptions;
  const options = {
    address,
    ...(tls === undefined ? {} : { tls }),
    ...(typeof apiKey === 'string' ? { apiKey } : {}),
    ...(metadata === undefined ? {} : { metadata }),
  };
  return { options, namespace: namespace ?? temporal.namespace, uiUrl: null };
};

/** The record stays when its server ends: whoever listens on its port then is another one's server. */
const embeddedAddress = async (state: string): Promise<TemporalAddress> => {
  const record = await readServerRecord(state);
  if (record?.ready !== true || !(await isServerProcessAlive(record)))
    throw unreachable('the embedded Temporal server does not run');
  return {
    options: { address: addressOf(record) },
    namespace: EMBEDDED_NAMESPACE,
    uiUrl: uiUrlOf(record),
  };
};

const readEnvironment = () => {
  try {
    return loadClientConnectConfig();
  } catch (error) {
    throw new Failure('CONFIG_INVALID', `Temporal’s own configuration is wrong: ${messageOf(error)}`, {
      hint: 'see the TEMPORAL_* variables and temporal.toml',
      cause: error,
    });
  }
};

const unreachable = (sentence: string, cause?: unknown): Failure =>
  new Failure('TEMPORAL_UNREACHABLE', sentence, { cause });

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
