// Where backups go unless somebody says otherwise: a folder that nothing else uses, whose parent is there already.
import { homedir } from 'node:os';
import { join } from 'node:path';

export const usualRepository = (uid: number | undefined = process.getuid?.()): string =>
  uid === 0 ? '/var/backups/holdfast' : join(homedir(), 'holdfast-backups');
