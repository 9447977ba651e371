// The workflows as Temporal's sandbox runs them: bundled once for each state of their sources, and kept among the packages.
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type Logger } from '@temporalio/worker';

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const WORKFLOWS = new URL('../../src/workflows/index.ts', import.meta.url);
const TELLING = new URL('../../src/workflows/telling.ts', import.meta.url);

/** All that a bundle is made of. */
const SOURCES = ['src/workflows', 'src/domain'];
const PACKAGES = 'package-lock.json';

/** @param telling whether runs tell of themselves, as an agent's do */
export const workflowBundle = async (
  logger: Logger,
  { telling }: { telling: boolean },
): Promise<{ code: string }> => {
  const folder = at('node_modules/.cache/holdfast');
  const file = join(folder, `workflows-${await stateOfSources()}${telling ? '-telling' : ''}.js`);
  const kept = await readFile(file, 'utf8').catch(() => null);
  if (kept !== null) return { code: kept };
  const { code } = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(WORKFLOWS),
    workflowInterceptorModules: telling ? [fileURLToPath(TELLING)] : [],
    logger,
  });
  await mkdir(folder, { recursive: true });
  const temporary = `${file}.${randomBytes(6).toString('hex')}`;
  await writeFile(temporary, code);
  await rename(temporary, file);
  return { code };
};

const stateOfSources = async (): Promise<string> => {
  const hash = createHash('sha256').update(await readFile(at(PACKAGES)));
  for (const folder of SOURCES)
    for (const name of (await readdir(at(folder), { recursive: true })).sort())
      if (name.endsWith('.ts')) hash.update(name).update(await readFile(join(at(folder), name)));
  return hash.digest('hex').slice(0, 16);
};
