// What an engine says of a container of the image edms:2, in the state that a test gives it.

export const inspection = (state: object) => ({
  Id: 'c0ffee',
  Created: '2026-01-11T22:47:00Z',
  Name: '/edms-web-1',
  Image: 'sha256:0123',
  RestartCount: 0,
  HostsPath: '/var/lib/docker/containers/c0ffee/hosts',
  State: {
    Status: 'running',
    OOMKilled: false,
    Pid: 8715,
    ExitCode: 0,
    Error: '',
    StartedAt: '2026-01-11T22:47:48.311541971Z',
    FinishedAt: '0001-01-01T00:00:00Z',
    ...state,
  },
  Config: { Image: 'edms:2', Labels: {}, Env: [], Cmd: ['serve'], Entrypoint: null },
  HostConfig: { NetworkMode: 'edms_default', RestartPolicy: { Name: 'no', MaximumRetryCount: 0 } },
  Mounts: [],
  NetworkSettings: { Networks: {}, Ports: {} },
});
