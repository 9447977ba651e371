// The files of a Compose project, read: those that describe it and those that they include, each with its own variables.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LineCounter, parse, YAMLParseError } from 'yaml';
import { isErrno } from '../../files/status.js';
import { includedBy, saidFrom } from './compose-include.js';
import { type ComposeShape, composeSchema } from './compose-shape.js';
import { interpolated } from './compose-values.js';
import { readEnvFile } from './env-file.js';

type Variables = Readonly<Record<string, string | undefined>>;

/** With absolute paths, the later ones count more; `problem` says it about the file, and quotes nothing of it: it may hold a password. */
export type ReadShapes = { shapes: ComposeShape[] } | { file: string; problem: string };

export interface Reading {
  /** Where relative paths begin. */
  folder: string;
  variables: Variables;
  /** Files that are being read: one that includes itself is read once. */
  seen: ReadonlySet<string>;
}

/** As many are read behind each other as nobody writes by hand. */
const MOST_DEEP = 20;

/** @param files absolute */
export const readShapes = async (files: readonly string[], reading: Reading): Promise<ReadShapes> => {
  const shapes: ComposeShape[] = [];
  for (const file of files.filter((one) => !reading.seen.has(one))) {
    const read = shapeOf(await textOf(file), reading.variables);
    if ('problem' in read) return { file, problem: read.problem };
    const included = await readIncluded(read.shape, file, reading);
    if ('problem' in included) return included;
    shapes.push(...included.shapes, saidFrom(read.shape, reading.folder));
  }
  return { shapes };
};

const readIncluded = async (shape: ComposeShape, file: string, reading: Reading): Promise<ReadShapes> => {
  const included = includedBy(shape, reading.folder);
  if (included === null) return { file, problem: 'includes what is no file of this host' };
  if (reading.seen.size > MOST_DEEP) return { file, problem: 'is included too deeply' };
  const seen = new Set([...reading.seen, file]);
  const shapes: ComposeShape[] = [];
  for (const { files, folder, envFiles } of included) {
    const own = await Promise.all((envFiles.length > 0 ? envFiles : [join(folder, '.env')]).map(readEnvFile));
    // What the project that includes says counts more.
    const variables = Object.assign({}, ...own, reading.variables);
    const read = await readShapes(files, { folder, variables, seen });
    if ('problem' in read) return read;
    // A project is called as its own file says.
    shapes.push(...read.shapes.map((one) => ({ ...one, name: undefined })));
  }
  return { shapes };
};

type Text = { text: string } | { problem: string };

const textOf = async (file: string): Promise<Text> => {
  try {
    return { text: await readFile(file, 'utf8') };
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR', 'EISDIR')) return { problem: 'is included, and is not there' };
    if (isErrno(error, 'EACCES')) return { problem: 'cannot be read by this user' };
    throw error;
  }
};

const shapeOf = (given: Text, variables: Variables): { shape: ComposeShape } | { problem: string } => {
  if ('problem' in given) return given;
  const parsed = parsedText(given.text);
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
