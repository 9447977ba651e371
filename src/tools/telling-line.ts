// The one line of a program's words that tells a person what went wrong.

/** The last line that names an error, without the program's own name in front; else the last line. */
export const tellingLine = (text: string, name: string): string => {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const line = lines.findLast((each) => TELLING.test(each)) ?? lines.at(-1) ?? '';
  const prefix = `${name}: `;
  return (line.startsWith(prefix) ? line.slice(prefix.length) : line).trim().slice(0, 400);
};

const TELLING = /\berror\b|\bfatal\b|\bcannot\b|\bcould not\b/i;
