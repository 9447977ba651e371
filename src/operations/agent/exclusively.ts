// Ending an operation (rolling back, finishing, settling) while nothing else acts for it any more.
import { type Host, untilAborted } from '../context.js';

/** Ends every attempt of the operation first; a later call ends an earlier one. */
export const exclusively = async <T>(
  host: Host,
  { operation, signal }: { operation: string; signal: AbortSignal },
  act: (host: Host, signal: AbortSignal) => Promise<T>,
): Promise<T> => {
  await host.fence.end(operation);
  return host.fence.attempt({ operation, step: 'end', signal }, (until) =>
    act({ ...host, effect: untilAborted(host.effect, until) }, until),
  );
};
