// What it means when a sidecar does not even start.
import { type FailureRule, only, whenItSays } from './failure-rule.js';

export const SIDECAR_FAILURES: readonly FailureRule[] = [
  only(
    ({ name, command }) => command.program === 'docker' && name !== 'docker',
    [
      whenItSays(/exec: (?:line \d+: )?(\w+): not found/, {
        code: 'TOOL_MISSING',
        message: 'the image of the database’s container has no $1',
        hint: 'install the PostgreSQL client of the server’s major version on this host',
      }),
      whenItSays(/exec: "(sh)": executable file not found/, {
        code: 'TOOL_MISSING',
        message: 'the image of the database’s container has no shell',
        hint: 'install the PostgreSQL client of the server’s major version on this host',
      }),
      whenItSays(/No such container|cannot join network of a non running container/i, {
        code: 'DATABASE_UNREACHABLE',
        message: 'the database’s container is gone, or does not run any more',
      }),
    ],
  ),
];
