// What it means when a connection fails, said so that it goes on after the label.

export const connectionWords = (error: unknown): string => {
  const code = codeOf(error);
  return WORDS[code] ?? `cannot be reached: ${reasonOf(error, code)}`;
};

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused the connection',
  ECONNRESET: 'closed the connection before it had answered',
  EPIPE: 'closed the connection before it had answered',
  ENOTFOUND: 'has a host name that does not resolve',
  EAI_AGAIN: 'has a host name that cannot be looked up now',
  EHOSTUNREACH: 'is on a host that cannot be reached',
  ENETUNREACH: 'is on a network that cannot be reached',
};

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** Where several addresses were tried, node's error has no message of its own. */
const reasonOf = (error: unknown, code: string): string =>
  error instanceof Error && error.message !== '' ? error.message : code;
