// holdfast.yaml as it lay beside a backup, changed where it must be on another machine and nowhere else.
import { type Document, isPair, isScalar, parseDocument, visit } from 'yaml';
import type { RepositoryShape } from './schema-repositories.js';

export interface YamlChanges {
  /** The repository it came from, under the name that it has there. */
  repository: { name: string; shape: RepositoryShape };
  /** Whose backups are restored: a repository that is new to it comes first. */
  deployment: string;
  /** A reference; null: what is there stays. */
  identity: string | null;
  /** A public key that was verified; null: none. */
  trust: string | null;
  /** References, and those that stand for the same here. */
  references: ReadonlyMap<string, string>;
}

/** @param text valid YAML */
export const recoveredYaml = (text: string, changes: YamlChanges): string => {
  const document = parseDocument(text);
  const { repository, deployment, identity, trust } = changes;
  document.setIn(['repositories', repository.name], document.createNode(repository.shape));
  replaceReferences(document, changes.references);
  const own = document.toJS().deployments?.[deployment]?.repositories;
  if (Array.isArray(own) && !own.includes(repository.name))
    document.setIn(['deployments', deployment, 'repositories'], [repository.name, ...own]);
  if (identity !== null && document.has('encryption')) document.setIn(['encryption', 'identity'], identity);
  const trusted: unknown = document.toJS().trust;
  const known = Array.isArray(trusted) ? trusted : [];
  if (trust !== null && !known.includes(trust)) document.set('trust', document.createNode([...known, trust]));
  // A server elsewhere has no agent here.
  if (document.has('temporal')) document.set('temporal', 'embedded');
  return document.toString({ lineWidth: 0 });
};

/** Values of mappings alone: in a list of words, such a text is a program's argument. */
const replaceReferences = (document: Document, references: ReadonlyMap<string, string>): void => {
  visit(document, {
    Scalar: (key, node, path) => {
      const parent = path.at(-1);
      if (key !== 'value' || !isPair(parent) || !isScalar(node)) return;
      const reference = references.get(String(node.value));
      if (reference !== undefined) node.value = reference;
    },
  });
};
