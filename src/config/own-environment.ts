// This process's own environment, for a command that looks at what is here before there is a configuration.

export const ownEnvironment = (): Readonly<Record<string, string | undefined>> => process.env;

/** For as long as this process runs, and for what it starts: a variable that a configuration refers to. One that is set stays. */
export const adoptVariable = (name: string, value: string): void => {
  if (!process.env[name]) process.env[name] = value;
};
