// Every change to the world goes through one function, so that a test can stop the agent before or after each of them.

/** Runs `act`, which changes something outside this process: `name` says what, in a few words. */
export type Effect = <T>(name: string, act: () => Promise<T>) => Promise<T>;

export const runEffect: Effect = (_name, act) => act();
