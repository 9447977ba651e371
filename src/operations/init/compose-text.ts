// One Compose file: its text, and what of it holdfast looks at.
import { readFile } from 'node:fs/promises';
import { LineCounter, parse, YAMLParseError } from 'yaml';
import { isErrno } from '../../files/status.js';
import { type ComposeShape, composeSchema } from './compose-shape.js';
import { interpolated } from './compose-values.js';

export interface Text {
  file: string;
  text: string;
}

export const readIfThere = async (file: string): Promise<Text | null> => {
  try {
    return { file, text: await readFile(file, 'utf8') };
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'EISDIR')) return null;
    if (isErrno(error, 'EACCES')) return { file, text: UNREADABLE };
    throw error;
  }
};

/** No YAML begins so. */
const UNREADABLE = '\0';

/** `problem` quotes nothing of the file. */
export const shapeOf = (
  text: string,
  variables: Readonly<Record<string, string | undefined>>,
): { shape: ComposeShape } | { problem: string } => {
  if (text === UNREADABLE) return { problem: 'cannot be read by this user' };
  const parsed = parsedText(text);
  if ('problem' in parsed) return parsed;
  const read = composeSchema.safeParse(interpolated(parsed.value, variables));
  if (read.success) return { shape: read.data };
  const where = read.error.issues[0]?.path.join('.') || 'it';
  return { problem: `is no Compose file: ${where} is not what it should be` };
};

const parsedText = (text: string): { value: unknown } | { problem: string } => {
  const lineCounter = new LineCounter();
  try {
    return { value: parse(text, { merge: true, prettyErrors: false, logLevel: 'error', lineCounter }) };
  } catch (error) {
    if (error instanceof ReferenceError) return { problem: 'uses a *name that no &name defines' };
    if (!(error instanceof YAMLParseError)) return { problem: 'has a << that names no mapping' };
    const { line, col } = lineCounter.linePos(error.pos[0]);
    return { problem: `is not YAML: line ${line}, column ${col}` };
  }
};
