// A repository as holdfast.yaml spells it.
import { valueAt } from './problem.js';
import { type RepositoryShape, repositorySchema } from './schema-repositories.js';
import { parseYaml } from './yaml.js';

/** undefined: there is none of that name. @param text a configuration that was found to be right */
export const repositoryShapeIn = (text: string, name: string): RepositoryShape | undefined => {
  const parsed = parseYaml(text);
  if ('problems' in parsed) return undefined;
  return repositorySchema.safeParse(valueAt(parsed.value, ['repositories', name])).data;
};
