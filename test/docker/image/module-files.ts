// A package of node_modules with everything it depends on, as folders.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MODULES = fileURLToPath(new URL('../../../node_modules/', import.meta.url));

/** Paths in node_modules, without those of optional dependencies. */
export const moduleFolders = async (wanted: string): Promise<string[]> => {
  const found = new Set<string>();
  const add = async (name: string): Promise<void> => {
    if (found.has(name)) return;
    found.add(name);
    const text = await readFile(join(MODULES, name, 'package.json'), 'utf8');
    const { dependencies = {} }: { dependencies?: Record<string, string> } = JSON.parse(text);
    for (const dependency of Object.keys(dependencies)) await add(dependency);
  };
  await add(wanted);
  return [...found].map((name) => join(MODULES, name));
};
