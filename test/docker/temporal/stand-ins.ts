// What stands in for the images of docker-compose.temporal.yml where no registry answers: the same programs at the same
// versions under the same paths, built by Go, on the base that the suite's other containers have. PostgreSQL alone is of
// another version: the one that is installed here.
import { execFileSync } from 'node:child_process';
import { chmod, copyFile, cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findTemporalCli } from '../../../src/temporal/cli-binary.js';
import { buildProgram, type GoModule, moduleFolder } from './go-programs.js';

/** The account that Temporal's images run under. */
const USER = ['RUN echo temporal:x:1000:1000::/tmp:/bin/sh >>/etc/passwd', 'USER temporal'];

/** Lays what goes into the image out below `root`, as it lies there; resolves with more lines of its Dockerfile. */
type Recipe = (version: string, root: string) => Promise<string[]>;

const postgres: Recipe = async () => ['STOPSIGNAL SIGINT'];

const server: Recipe = async (version, root) => {
  const module = temporal(version);
  const [programs, home] = await folders(root, 'usr/local/bin', 'etc/temporal');
  await buildProgram(module, { command: 'cmd/server', place: join(programs, 'temporal-server') });
  const entrypoint = join(home, 'entrypoint.sh');
  await copyFile(join(await moduleFolder(module), 'docker/scripts/sh/entrypoint.sh'), entrypoint);
  await chmod(entrypoint, 0o755);
  return [...USER, 'WORKDIR /etc/temporal', 'ENTRYPOINT []', 'CMD ["/etc/temporal/entrypoint.sh"]'];
};

const adminTools: Recipe = async (version, root) => {
  const module = temporal(version);
  const [programs, schema] = await folders(root, 'usr/local/bin', 'etc/temporal/schema');
  await buildProgram(module, { command: 'cmd/tools/sql', place: join(programs, 'temporal-sql-tool') });
  await copyFile(await findTemporalCli(), join(programs, 'temporal'));
  await cp(join(await moduleFolder(module), 'schema'), schema, { recursive: true });
  return [...USER, 'ENTRYPOINT []'];
};

const ui: Recipe = async (version, root) => {
  const module = { path: 'github.com/temporalio/ui-server/v2', version: `v${version}` };
  const [home, config] = await folders(root, 'home/ui-server', 'home/ui-server/config');
  const files = await moduleFolder(module);
  await buildProgram(module, { command: 'cmd/server', place: join(home, 'ui-server') });
  await copyFile(join(files, 'config/docker.yaml'), join(config, 'docker.yaml'));
  await copyFile(join(files, 'docker/start-ui-server.sh'), join(home, 'start-ui-server.sh'));
  await chmod(join(home, 'start-ui-server.sh'), 0o755);
  return [...USER, 'WORKDIR /home/ui-server', 'ENTRYPOINT ["./start-ui-server.sh"]'];
};

/** The one that the tests of repositories run against. */
const versitygw: Recipe = async (version, root) => {
  const script = fileURLToPath(new URL('../../../scripts/s3-servers.sh', import.meta.url));
  const built = execFileSync('sh', [script], { encoding: 'utf8' }).trim();
  if (!built.includes(`versitygw-${version.slice(1)}-`))
    throw new Error(`${built} is not versitygw ${version}`);
  const [programs] = await folders(root, 'usr/local/bin');
  await copyFile(join(built, 'versitygw'), join(programs, 'versitygw'));
  return ['ENTRYPOINT []'];
};

/** By the image's name. */
export const STAND_INS: Readonly<Record<string, Recipe>> = {
  postgres,
  'temporalio/server': server,
  'temporalio/admin-tools': adminTools,
  'temporalio/ui': ui,
  'versity/versitygw': versitygw,
};

const temporal = (version: string): GoModule => ({ path: 'go.temporal.io/server', version: `v${version}` });

const folders = async <Names extends readonly string[]>(root: string, ...names: Names) => {
  for (const name of names) await mkdir(join(root, name), { recursive: true });
  return names.map((name) => join(root, name)) as { [Index in keyof Names]: string };
};
