// What the programs that holdfast starts see of its environment: where programs are, and nothing that holds a secret.

/** Where programs are looked up: the text of PATH. */
export const programPath = (): string => process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin';

/** How the docker program finds the engine: places, no secrets. */
const DOCKER = ['DOCKER_HOST', 'DOCKER_CONFIG', 'DOCKER_CONTEXT', 'DOCKER_CERT_PATH', 'DOCKER_TLS_VERIFY'];

/** Where rclone's configuration is, and the command that opens it if it is encrypted. */
const RCLONE = ['RCLONE_CONFIG', 'RCLONE_PASSWORD_COMMAND'];

const PASSED_ON = ['HOME', 'LANG', 'TMPDIR', 'USER', ...DOCKER, ...RCLONE];

/** No PG* variable reaches a program by accident, and every message is in English: some of them are read. */
export const baseEnvironment = (): Record<string, string> => {
  const environment: Record<string, string> = { PATH: programPath(), LC_ALL: 'C' };
  for (const name of PASSED_ON) {
    const value = process.env[name];
    if (value !== undefined) environment[name] = value;
  }
  return environment;
};
