// The engine that is there already: the one DOCKER_HOST or the docker program's own settings lead to, if it is on this
// machine. Bind mounts and volumes are looked at from here, so an engine on another machine would not do.
import { execa } from 'execa';
import { isInstalled } from './install-engine.js';

/**
 * What DOCKER_HOST has to be for it; null when none answers.
 * @throws when DOCKER_HOST names one that does not serve: then the person has chosen it, and nothing else will do
 */
export const foundEngine = async (): Promise<string | null> => {
  if (process.env.HOLDFAST_TEST_DOCKER === 'own') return null;
  const chosen = process.env.DOCKER_HOST;
  if (!isInstalled('docker')) {
    if (chosen) throw new Error(`DOCKER_HOST is ${chosen}, but the docker program is not installed`);
    return null;
  }
  const host = chosen || (await currentEndpoint());
  const { failed, stderr } = await execa('docker', ['version'], { reject: false, timeout: 10_000 });
  if (failed && chosen) throw new Error(`the engine at DOCKER_HOST ${chosen} does not answer: ${stderr}`);
  if (failed) return null;
  if (!host.startsWith('unix://'))
    throw new Error(`the engine at ${host} is not on this machine: the Docker tests need one that is`);
  return host;
};

const currentEndpoint = async (): Promise<string> => {
  const { stdout } = await execa('docker', ['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}'], {
    reject: false,
  });
  return stdout.trim();
};
