// Every secret that this process has resolved, so that none leaves it in somebody else's words: a hook that prints its
// connection string, a program that repeats what it was given. They are in this process's memory anyway.

const resolved = new Set<string>();

/** Shorter ones are part of too many words, and guessed at once. */
const LEAST_LENGTH = 4;

export const rememberSecret = (secret: string): void => {
  if (secret.length < LEAST_LENGTH) return;
  resolved.add(secret);
  resolved.add(encodeURIComponent(secret));
};

/** The text with every secret that is known so far replaced. The longest first: one may hold another. */
export const redacted = (text: string): string =>
  [...resolved]
    .sort((one, other) => other.length - one.length)
    .reduce((said, secret) => said.replaceAll(secret, REPLACEMENT), text);

const REPLACEMENT = '[secret]';
