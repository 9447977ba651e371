// The benchmark's answer: figures, ratios against what holdfast wants to reach, memory, and the outage of a restore.
import { megabytes, seconds, table } from '../demo/table.js';
import type { MeasuredDrill } from './drills.js';
import { AGENT, type Peaks } from './memory.js';
import type { MeasuredRestore } from './restores.js';
import { MEASUREMENTS, type Measured, type Measurement, type Rounds } from './rounds.js';
import { median, ratio } from './statistics.js';

export interface Findings extends Rounds {
  subject: string;
  restores: MeasuredRestore[];
  drills: MeasuredDrill[];
  peaks: Peaks;
}

const WHAT: Record<Measurement, string> = {
  dumpFloor: '`pg_dump -Fc -Z0 > /dev/null` (the floor)',
  dumpStep: 'holdfast: the dump step',
  tarFloor: '`tar \\| cat > /dev/null` (the floor)',
  tarZstd: '`tar \\| zstd -T0 -3 > /dev/null`',
  archiveStep: 'holdfast: the archive step',
  byHand: 'by hand: `pg_dump \\| zstd` beside `tar \\| zstd`, `sha256sum`',
  wholeBackup: 'holdfast: a whole backup',
  encryptedBackup: 'holdfast: a whole backup, encrypted',
  today: 'today: `pg_dump -Fc`, then `tar -czf`',
  emptyBackup: 'holdfast: a backup of an empty database',
  help: '`holdfast --help`',
};

export const report = (findings: Findings): string =>
  [
    findings.subject,
    timesTable(findings.measured),
    targetsTable(findings),
    stepsTable(findings.steps),
    memoryTable(findings.peaks),
  ].join('\n\n');

const timesTable = (measured: Measured): string =>
  table(
    ['what', 'median', 'least', 'most'],
    MEASUREMENTS.map((name) => [WHAT[name], ...[median, min, max].map((of) => seconds(of(measured[name])))]),
  );

const min = (values: readonly number[]): number => Math.min(...values);
const max = (values: readonly number[]): number => Math.max(...values);

const targetsTable = ({ measured, restores, drills, peaks }: Findings): string => {
  const outages = restores.map((restore) => restore.seconds);
  return table(
    ['what', 'measured', 'wanted'],
    [
      ['dump step / floor', times(ratio(measured.dumpStep, measured.dumpFloor)), '≤ 1.15 ×'],
      ['archive step / `tar \\| zstd`', times(ratio(measured.archiveStep, measured.tarZstd)), '≤ 1.15 ×'],
      ['whole backup / by hand', times(ratio(measured.wholeBackup, measured.byHand)), '≤ 1.4 ×'],
      ['encrypted / not', times(ratio(measured.encryptedBackup, measured.wholeBackup)), '≤ 1.05 ×'],
      ['today / whole backup', times(ratio(measured.today, measured.wholeBackup)), '≥ 3 ×'],
      ['backup of an empty database', seconds(median(measured.emptyBackup)), '≤ 1.5 s'],
      ['`holdfast --help`', seconds(median(measured.help)), '≤ 0.25 s'],
      ['the agent’s memory, peak', megabytes(peaks.get(AGENT) ?? Number.NaN), '≤ 300 MB'],
      ['restore of the database', seconds(median(restores.map((one) => one.restoreSeconds))), ''],
      ['outage of it, median', seconds(median(outages)), '≤ 0.5 s'],
      ['outage of it, worst', seconds(max(outages)), ''],
      ...drillRows(drills),
    ],
  );
};

const drillRows = (drills: readonly MeasuredDrill[]): string[][] => {
  const [whole, byHand] = [drills.map((one) => one.drillSeconds), drills.map((one) => one.byHandSeconds)];
  return [
    ['`pg_restore` of the database, then one `pg_dump`', seconds(median(byHand)), ''],
    ['drill of the database', seconds(median(whole)), ''],
    ['the recovery time that it gives', seconds(median(drills.map((one) => one.recoverySeconds))), ''],
    ['drill / `pg_restore` and one `pg_dump`', times(ratio(whole, byHand)), '≤ 1.3 ×'],
  ];
};

const times = (value: number): string => `${value.toFixed(2)} ×`;

const stepsTable = ({ whole, empty }: Rounds['steps']): string =>
  table(
    ['step of the last whole backup', 'took', 'with an empty database'],
    [...whole].map(([name, took]) => [name, seconds(took), seconds(empty.get(name) ?? 0)]),
  );

const memoryTable = (peaks: Peaks): string =>
  table(
    ['programs of one name, all that ran at once', 'peak of their memory'],
    [...peaks].sort(([, a], [, b]) => b - a).map(([name, bytes]) => [name, megabytes(bytes)]),
  );
