import { expect, it } from 'vitest';
import { composeProjects } from '../../../../src/operations/init/compose-containers.js';
import { parseContainers } from '../../../../src/tools/docker-inspect.js';
import { inspection } from '../../../support/container-inspection.js';

const container = (
  project: string,
  service: string,
  more: { labels?: object; env?: string[]; mounts?: object[] } = {},
) => {
  const base = inspection({ Health: { Status: 'healthy', Log: [] } });
  return {
    ...base,
    Id: `${project}-${service}`,
    Name: `/${project}-${service}-1`,
    Config: {
      ...base.Config,
      Image: service === 'db' ? 'postgres:16' : 'edms:2',
      Env: more.env ?? [],
      Labels: {
        'com.docker.compose.project': project,
        'com.docker.compose.service': service,
        'com.docker.compose.project.working_dir': `/srv/${project}`,
        'com.docker.compose.oneoff': 'False',
        ...more.labels,
      },
    },
    Mounts: more.mounts ?? [],
  };
};

const projectsOf = (...containers: object[]) => composeProjects(parseContainers(JSON.stringify(containers)));

it('containers are put together to projects, each service once', () => {
  const found = projectsOf(
    container('edms', 'web', {
      labels: { 'com.docker.compose.depends_on': 'db:service_healthy:false,cache:service_started:false' },
      env: ['URL=postgres://u:p@db/x?a=b', 'EMPTY='],
      mounts: [
        { Type: 'bind', Source: '/srv/edms/media', Destination: '/media' },
        { Type: 'volume', Name: 'edms_uploads', Source: '/var/lib/docker/…', Destination: '/uploads' },
        { Type: 'volume', Name: 'a'.repeat(64), Source: '/var/lib/docker/…', Destination: '/tmp' },
        { Type: 'tmpfs', Destination: '/run' },
      ],
    }),
    container('edms', 'db'),
    container('edms', 'web', { labels: { 'com.docker.compose.oneoff': 'True' } }),
    container('blog', 'db'),
  );
  expect(found.map(({ name, folder, services }) => [name, folder, services.map((one) => one.name)])).toEqual([
    ['blog', '/srv/blog', ['db']],
    ['edms', '/srv/edms', ['db', 'web']],
  ]);
  expect(found[1]?.services[1]).toEqual({
    name: 'web',
    image: 'edms:2',
    container: 'edms-web-1',
    environment: { URL: 'postgres://u:p@db/x?a=b', EMPTY: '' },
    dependsOn: ['db', 'cache'],
    mounts: [
      { kind: 'bind', path: '/srv/edms/media', target: '/media' },
      { kind: 'volume', volume: 'edms_uploads', target: '/uploads' },
    ],
    hasHealthCheck: true,
  });
});
