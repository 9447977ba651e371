// Commands that run around a backup or a restore, as holdfast.yaml names them.
import { z } from 'zod';
import { argv } from './schema-argv.js';
import { section } from './section.js';

const RULE = 'must be a list of commands, each itself a list: [[python, manage.py, migrate]]';

const commands = (description: string) =>
  z.array(argv('a program and its arguments'), RULE).optional().meta({ description });

export const hooksSchema = section({
  beforeBackup: commands('before a backup begins to read'),
  afterBackup: commands('after a backup has stored what it read'),
  afterRestore: commands('with the restored data in place, before services start: migrations'),
});

export type HooksShape = z.output<typeof hooksSchema>;
