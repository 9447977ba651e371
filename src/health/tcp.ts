// tcp: somebody takes connections on a port. Says nothing of whether they do anything with them.
import { once } from 'node:events';
import { connect, isIPv6 } from 'node:net';
import { connectionWords } from './connection-words.js';
import type { Probe, Seen } from './health-check.js';

interface Place {
  host: string;
  port: number;
}

export const tcpProbe = ({ host, port }: Place): Probe => ({
  label: `${isIPv6(host) ? `[${host}]` : host}:${port}`,
  look: (signal) => look({ host, port }, signal),
});

const look = async (place: Place, signal: AbortSignal): Promise<Seen> => {
  const socket = connect(place);
  try {
    await once(socket, 'connect', { signal });
    return { ok: true, words: 'takes connections' };
  } catch (error) {
    signal.throwIfAborted();
    return { ok: false, words: connectionWords(error) };
  } finally {
    socket.destroy();
  }
};
