// The packaged systemd unit for one configuration: which file it reads, and where its environment comes from.

export interface UnitSettings {
  /** Absolute. */
  config: string;
  environmentFile: string | null;
}

const START = 'ExecStart=/usr/bin/env holdfast up';

/** @param packaged packaging/holdfast.service */
export const systemdUnitText = (packaged: string, { config, environmentFile }: UnitSettings): string => {
  if (!packaged.includes(`\n${START}\n`)) throw new Error(`the packaged unit has no line ${START}`);
  const lines = [
    config === '/etc/holdfast/holdfast.yaml' ? START : `${START} --config ${quoted(config)}`,
    ...(environmentFile === null ? [] : [`EnvironmentFile=${escaped(environmentFile)}`]),
  ];
  return packaged.replace(`\n${START}\n`, () => `\n${lines.join('\n')}\n`);
};

/** As systemd reads a command line: % and $ have a meaning there, and quotes are C's. */
const quoted = (text: string): string => {
  const plain = escaped(text).replaceAll('$', '$$$$');
  return /^[\w./%@:-]+$/.test(plain) ? plain : `"${plain.replace(/["\\]/g, '\\$&')}"`;
};

const escaped = (text: string): string => text.replaceAll('%', '%%');
