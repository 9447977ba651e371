// Does a Temporal server answer there?
import { get } from 'node:http';
import { connect } from 'node:net';
import { Connection } from '@temporalio/client';

const PATIENCE_MS = 2000;

/** It answers a request within two seconds. */
export const isAnswering = async (address: string): Promise<boolean> => {
  if (!(await isListening(address))) return false;
  const connection = Connection.lazy({ address, connectTimeout: PATIENCE_MS, interceptors: [] });
  try {
    await connection.ensureConnected();
    return true;
  } catch {
    return false;
  } finally {
    await connection.close();
  }
};

/** As isAnswering, with two more tries for a server that listens but is slow: a machine under load is no sick server. */
export const isHealthy = async (address: string): Promise<boolean> => {
  for (let tries = 0; tries < 3 && (await isListening(address)); tries += 1) {
    if (await isAnswering(address)) return true;
  }
  return false;
};

/** Its HTTP API answers to nobody who does not know its Host name: one that was started elsewhere at this moment does not. */
export const isCalled = ({ httpPort, httpHost }: { httpPort: number; httpHost: string }): Promise<boolean> =>
  new Promise((resolve) => {
    const request = get(`http://127.0.0.1:${httpPort}/api/v1/system-info`, {
      ...{ agent: false, headers: { host: httpHost }, timeout: PATIENCE_MS },
    });
    request.once('response', (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
    request.once('close', () => resolve(false));
  });

const isListening = (address: string): Promise<boolean> => {
  const [host = '', port = ''] = address.split(':');
  return new Promise((resolve) => {
    const call = connect({ host, port: Number(port), timeout: PATIENCE_MS });
    const answer = (listening: boolean) => {
      call.destroy();
      resolve(listening);
    };
    call.once('connect', () => answer(true));
    call.once('timeout', () => answer(false));
    call.once('error', () => answer(false));
  });
};
