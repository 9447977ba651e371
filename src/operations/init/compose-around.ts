// Compose projects on this host: the one that this folder describes, and those that have containers.
import { realpath } from 'node:fs/promises';
import { asFailure } from '../../domain/failure.js';
import { composeContainers } from '../../tools/docker-containers.js';
import type { Candidate } from './candidate.js';
import { composeCandidates } from './compose-candidates.js';
import { composeProjects } from './compose-containers.js';
import { findComposeFile } from './compose-file.js';
import type { ComposeProject } from './compose-project.js';

export interface ComposeAround {
  candidates: Candidate[];
  /** What could not be looked at, and what that means: sentences. */
  troubles: string[];
  /** What is wrong with this folder’s Compose file. */
  unreadable: string | null;
}

/** A container is believed before the file that describes it. */
export const composeAround = async (
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ComposeAround> => {
  const [found, engine] = await Promise.all([findComposeFile(folder, environment), runningProjects()]);
  const projects = 'problem' in engine ? [] : engine.projects;
  const here = await belongingTo(folder, projects, found.kind === 'project' ? found.project.name : null);
  const others = projects.filter((project) => !here.includes(project));
  const own = here.length === 0 && found.kind === 'project' ? [found.project] : here;
  const unreadable = found.kind === 'unreadable' ? `${found.file} ${found.problem}` : null;
  return {
    unreadable,
    candidates: [...(await candidatesOf(own, 'here')), ...(await candidatesOf(others, 'elsewhere'))],
    troubles: [
      ...(unreadable === null ? [] : [unreadable]),
      ...('problem' in engine && found.kind !== 'none' ? [dockerTrouble(engine.problem, found.kind)] : []),
    ],
  };
};

const candidatesOf = async (
  projects: readonly ComposeProject[],
  kind: 'here' | 'elsewhere',
): Promise<Candidate[]> =>
  (await Promise.all(projects.map((project) => composeCandidates(project, kind)))).flat();

const ENGINE_ANSWERS_WITHIN_MS = 15_000;

const runningProjects = async (): Promise<{ projects: ComposeProject[] } | { problem: string }> => {
  try {
    const containers = await composeContainers({ timeoutMs: ENGINE_ANSWERS_WITHIN_MS });
    return { projects: composeProjects(containers) };
  } catch (error) {
    return { problem: asFailure(error).message };
  }
};

const dockerTrouble = (problem: string, found: 'project' | 'unreadable'): string =>
  found === 'project'
    ? `${problem}: what is said of containers and volumes comes from the Compose file alone`
    : problem;

/** By the folder that they were started in; the name counts where containers do not say it. */
const belongingTo = async (
  folder: string,
  projects: readonly ComposeProject[],
  name: string | null,
): Promise<ComposeProject[]> => {
  const real = (path: string) => realpath(path).catch(() => path);
  const here = await real(folder);
  const places = await Promise.all(
    projects.map(async (project) => (project.folder === null ? null : await real(project.folder))),
  );
  return projects.filter(
    (project, index) => places[index] === here || (places[index] === null && project.name === name),
  );
};
