// A time limit for what cannot be told to stop.

/** What `promise` gives, or the signal's reason as soon as it is aborted; then `promise` goes on unheard. */
export const unlessAborted = async <T>(promise: Promise<T>, signal: AbortSignal): Promise<T> => {
  const { promise: aborted, reject } = rejectable();
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    signal.throwIfAborted();
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    promise.catch(() => {});
  }
};

const rejectable = (): { promise: Promise<never>; reject: (reason: unknown) => void } => {
  let reject: (reason: unknown) => void = () => {};
  const promise = new Promise<never>((_resolve, settle) => {
    reject = settle;
  });
  return { promise, reject };
};
