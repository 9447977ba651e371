// Who needs the holder of a lock: whoever calls its socket, says so, and keeps the call open. Before the holder ends it hangs
// up, at one stroke, so that nobody counts on somebody who is about to go.
import type { Socket } from 'node:net';

export interface Callers {
  answer(call: Socket): void;
  /** Milliseconds since 1970: now while somebody is there, else when the last one left; 0: nobody ever called. */
  lastAt(): number;
  /** From now on nobody is answered. */
  hangUp(): void;
}

export interface Call {
  hangUp(): void;
}

const ANSWERED_WITHIN_MS = 5_000;

export const createCallers = (): Callers => {
  const all = new Set<Socket>();
  const staying = new Set<Socket>();
  let last = 0;
  let over = false;
  const stay = (call: Socket): void => {
    staying.add(call);
    call.write('yes\n');
  };
  const forget = (call: Socket): void => {
    all.delete(call);
    if (staying.delete(call)) last = Date.now();
  };
  return {
    answer: (call) => {
      if (over) return void call.destroy();
      all.add(call);
      call.unref().on('error', () => undefined);
      call.once('close', () => forget(call));
      // Who only looks whether the lock is held says nothing.
      call.once('data', () => stay(call));
    },
    lastAt: () => (staying.size > 0 ? Date.now() : last),
    hangUp: () => {
      over = true;
      for (const call of all) call.destroy();
    },
  };
};

/** null: nobody answers, or not any more. @param call a socket that connects to the holder */
export const askToStay = (call: Socket): Promise<Call | null> =>
  new Promise((resolve) => {
    call.setTimeout(ANSWERED_WITHIN_MS, () => call.destroy());
    call.on('error', () => undefined);
    call.once('close', () => resolve(null));
    call.once('connect', () => call.write('stay\n'));
    call.once('data', () => {
      call.setTimeout(0).unref();
      resolve({ hangUp: () => void call.destroy() });
    });
  });
