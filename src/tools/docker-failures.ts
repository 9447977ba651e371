// What the docker program means by its words.
import { type FailureRule, only, whenItSays } from './failure-rule.js';

export const DOCKER_FAILURES: readonly FailureRule[] = [
  only(
    ({ command }) => command.program === 'docker',
    [
      whenItSays(/permission denied while trying to connect to the (?:Docker daemon socket|docker API)/i, {
        code: 'DOCKER_RIGHTS',
        message: 'this user may not use the Docker engine’s socket',
      }),
      whenItSays(/context "?([^":]+)"?: context not found/, {
        code: 'DOCKER_UNREACHABLE',
        message: 'there is no Docker context $1',
        hint: 'docker context ls shows those that exist; DOCKER_CONTEXT and docker context use choose one',
        retryable: false,
      }),
      whenItSays(
        /(?:cannot connect to the Docker daemon|failed to connect to the docker API) at (\S+?)[.;]?\s/i,
        {
          code: 'DOCKER_UNREACHABLE',
          message: 'the Docker engine does not answer at $1',
        },
      ),
      whenItSays(/error during connect|unable to resolve docker endpoint|request returned .* for API route/, {
        code: 'DOCKER_UNREACHABLE',
        message: 'the Docker engine does not answer',
      }),
      whenItSays(/No such container: (\S+)/i, {
        code: 'UNKNOWN_SERVICE',
        message: 'there is no container $1',
        hint: 'docker ps --all shows the containers that exist',
      }),
      whenItSays(/(?:get )?(\S+): no such volume/i, {
        code: 'UNKNOWN_VOLUME',
        message: 'there is no Docker volume $1',
      }),
    ],
  ),
];
