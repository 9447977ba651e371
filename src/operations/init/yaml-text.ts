// Values as YAML text, on one line: as they are where nothing in them means anything to YAML, else quoted as JSON quotes.

const PLAIN = /^[A-Za-z/](?:[\w./@-]|:(?=\S)| (?=\w))*$/;
const WORDS = /^(?:true|false|null|yes|no|on|off|y|n)$/i;

export const yamlText = (value: string): string =>
  PLAIN.test(value) && !value.endsWith(':') && !WORDS.test(value) ? value : JSON.stringify(value);

/** `[web, worker]` */
export const yamlList = (values: readonly string[]): string => `[${values.map(yamlText).join(', ')}]`;

/** For comments: what is printed there must not end the line. */
const commentText = (value: string): string => value.replace(/\p{Cc}/gu, '?');

/** Each line as a comment. */
export const comments = (...lines: readonly string[]): string[] =>
  lines.map((line) => (line === '' ? '#' : `# ${commentText(line)}`));

export const indented = (spaces: number, lines: readonly string[]): string[] =>
  lines.map((line) => (line === '' ? '' : `${' '.repeat(spaces)}${line}`));

/** Lines with a comment behind them, all at one column. */
export const beside = (...rows: readonly (readonly [line: string, comment: string])[]): string[] => {
  const column = Math.min(44, Math.max(...rows.map(([line]) => line.length)));
  return rows.map(([line, comment]) =>
    comment === '' ? line : `${line.padEnd(column)}   # ${commentText(comment)}`,
  );
};
