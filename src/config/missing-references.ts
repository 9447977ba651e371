// References that lead nowhere on this host: what has to be put there by hand.
import { access } from 'node:fs/promises';
import type { Config, Deployment } from './config.js';
import { parseReference } from './secret-reference.js';
import { referencesOf, toldReferencesOf, type UsedReference } from './secret-references.js';

/** Variables that are not set and files that are not there. Programs are not run to find out. */
export const missingReferences = async (config: Config, deployment: Deployment): Promise<UsedReference[]> => {
  const used = [...referencesOf(config, deployment), ...toldReferencesOf(config, deployment)];
  const missing = await Promise.all(
    used.map(async (one) => ((await leadsNowhere(one.reference)) ? [one] : [])),
  );
  return missing.flat();
};

const leadsNowhere = async (text: string): Promise<boolean> => {
  const parsed = parseReference(text);
  if ('problem' in parsed) return false;
  const { reference } = parsed;
  switch (reference.kind) {
    case 'env':
      return process.env[reference.name] === undefined;
    case 'file':
      return access(reference.path).then(
        () => false,
        () => true,
      );
    case 'command':
      return false;
    default:
      return reference satisfies never;
  }
};
