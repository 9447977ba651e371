// The one line of a program's words that tells a person what went wrong.

/** The last line that names an error, without the program's own name and `error:` in front; else the last line. */
export const tellingLine = (text: string, name: string): string => {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const line = lines.findLast((each) => TELLING.test(each)) ?? lines.at(-1) ?? '';
  const said = line.startsWith(`${name}: `) ? line.slice(name.length + 2) : line;
  return said
    .replace(/^error: /, '')
    .trim()
    .slice(0, 400);
};

const TELLING = /\berror\b|\bfatal\b|\bcannot\b|\bcould not\b/i;
