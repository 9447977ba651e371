import { describe, expect, it } from 'vitest';
import { containerSchema, servicesSchema } from '../../../src/config/schema-services.js';
import { containerOf, servicesOf } from '../../../src/config/services-of.js';
import { shapeProblems } from '../../../src/config/shape-problems.js';

/** `[0].compose: sentence`, a line each; none when nothing is wrong. */
const problemsIn = (value: unknown): string[] => {
  const parsed = servicesSchema.safeParse(value);
  return shapeProblems(parsed.error?.issues ?? [], value).map(
    ({ path, text }) => `${path.map(String).join('.')}: ${text}`,
  );
};

describe('services', () => {
  it('are of four kinds, and kept during a backup if nothing else is said', () => {
    const shapes = servicesSchema.parse([
      { compose: { project: 'edms', services: ['web', 'worker'] }, duringBackup: 'pause' },
      { container: 'edms-cron' },
      { systemd: 'edms-beat.service', duringBackup: 'stop' },
      { systemd: 'edms@1' },
      { command: { stop: ['ctl', 'stop'], start: ['ctl', 'start'], status: ['/usr/bin/ctl', 'status'] } },
    ]);
    expect(servicesOf(shapes)).toEqual([
      { kind: 'compose', project: 'edms', services: ['web', 'worker'], duringBackup: 'pause' },
      { kind: 'container', name: 'edms-cron', duringBackup: 'keep' },
      { kind: 'systemd', unit: 'edms-beat.service', duringBackup: 'stop' },
      { kind: 'systemd', unit: 'edms@1.service', duringBackup: 'keep' },
      {
        kind: 'command',
        stop: ['ctl', 'stop'],
        start: ['ctl', 'start'],
        status: ['/usr/bin/ctl', 'status'],
        duringBackup: 'keep',
      },
    ]);
    expect(servicesOf(undefined)).toEqual([]);
  });

  const command = { stop: ['ctl'], start: ['ctl'], status: ['ctl'] };

  it.each<[value: unknown, problems: string[]]>([
    [{}, [': must be a list, not a mapping']],
    [[{ duringBackup: 'stop' }], ['0: must name one of compose, container, systemd, command']],
    [[{ container: 'a', systemd: 'b' }], ['0: must name one of compose, container, systemd, command']],
    [[{ compse: {} }], ['0.compse: is not a known key; did you mean compose?']],
    [[{ systemd: 'web', compose: 'web' }], ['0.compose: must be a mapping, not text']],
    [[{ compose: { project: 'edms' } }], ['0.compose.services: is missing']],
    [[{ compose: { project: 'edms', services: [] } }], ['0.compose.services: must name at least one']],
    [
      [{ compose: { project: 'EDMS', services: ['--all'] } }],
      [
        '0.compose.project: must be a Compose project’s name: lower-case letters, digits, hyphens and underscores',
        '0.compose.services.0: must be a name of letters, digits, dots, hyphens and underscores',
      ],
    ],
    [
      [{ container: '-a' }],
      ['0.container: must be a name of letters, digits, dots, hyphens and underscores'],
    ],
    [[{ systemd: '--now' }], ['0.systemd: must be the name of a unit, such as edms.service']],
    [[{ container: 'a', duringBackup: 'freeze' }], ['0.duringBackup: must be keep, pause or stop']],
    [
      [{ command, duringBackup: 'pause' }],
      ['0.duringBackup: must be keep or stop: there is no command that pauses'],
    ],
    [[{ command: { ...command, status: undefined } }], ['0.command.status: is missing']],
    [
      [{ compose: { project: 'edms', services: ['web', 'web'] } }],
      ['0.compose.services.1: names web a second time'],
    ],
    [
      [{ systemd: 'web' }, { container: 'web' }, { systemd: 'web.service' }],
      ['2.systemd: names web.service a second time'],
    ],
  ])('%j is refused', (value, problems) => {
    expect(problemsIn(value)).toEqual(problems);
  });
});

describe('a container', () => {
  it('is named by itself, or by its Compose service', () => {
    expect(containerOf(containerSchema.parse('edms-db'))).toEqual({ kind: 'container', name: 'edms-db' });
    expect(containerOf(containerSchema.parse({ compose: { project: 'edms', service: 'db' } }))).toEqual({
      kind: 'compose',
      project: 'edms',
      service: 'db',
    });
  });

  it.each([
    [7, ': must be text or a mapping, not a number (quotes make it text)'],
    [{ compose: { project: 'edms' } }, 'compose.service: is missing'],
    ['a b', ': must be a name of letters, digits, dots, hyphens and underscores'],
  ])('%j is refused', (value, problem) => {
    const parsed = containerSchema.safeParse(value);
    const problems = shapeProblems(parsed.error?.issues ?? [], value);
    expect(problems.map(({ path, text }) => `${path.map(String).join('.')}: ${text}`)).toEqual([problem]);
  });
});
