import { expect, it } from 'vitest';
import { failureOf } from '../../../src/tools/classify.js';
import { ending } from './sample-ending.js';

it.each<[said: string, expected: object]>([
  [
    'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
    {
      code: 'DOCKER_UNREACHABLE',
      message: 'the Docker engine does not answer at unix:///var/run/docker.sock',
      retryable: true,
    },
  ],
  [
    'failed to connect to the docker API at unix:///var/run/docker.sock; check if the path is correct and if the daemon is running: dial unix /var/run/docker.sock: connect: no such file or directory',
    {
      code: 'DOCKER_UNREACHABLE',
      message: 'the Docker engine does not answer at unix:///var/run/docker.sock',
    },
  ],
  [
    'error during connect: Get "http://docker.example.com/v1.50/containers/json": command [ssh -l admin] has exited with exit status 255',
    { code: 'DOCKER_UNREACHABLE' },
  ],
  [
    'Failed to initialize: unable to resolve docker endpoint: context "production": context not found: open /root/.docker/contexts/meta/x/meta.json: no such file or directory',
    { code: 'DOCKER_UNREACHABLE', message: 'there is no Docker context production', retryable: false },
  ],
  [
    'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Get "http://%2Fvar%2Frun%2Fdocker.sock/v1.50/containers/json": dial unix /var/run/docker.sock: connect: permission denied',
    { code: 'DOCKER_RIGHTS', retryable: false },
  ],
  [
    'Got permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: dial unix /var/run/docker.sock: connect: permission denied',
    { code: 'DOCKER_RIGHTS' },
  ],
  [
    'Error response from daemon: No such container: edms-web-1',
    { code: 'UNKNOWN_SERVICE', message: 'there is no container edms-web-1' },
  ],
  [
    'Error response from daemon: get edms_media: no such volume',
    { code: 'UNKNOWN_VOLUME', message: 'there is no Docker volume edms_media' },
  ],
  [
    'Error response from daemon: driver failed programming external connectivity on endpoint web: Bind for 127.0.0.1:8000 failed: port is already allocated',
    { code: 'TOOL_FAILED', retryable: true },
  ],
])('docker that says %s', (said, expected) => {
  expect(failureOf(ending('docker', { exitCode: 1, said }))).toMatchObject(expected);
});
