// The measurements of a round, one after the other, and the rounds one after the other: what slows the machine for a
// while slows all of them.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { BINARY, holdfast, type Place } from '../demo/command-line.js';
import { type Script, type Subject, timeScript } from './by-hand.js';
import { type Steps, stepsOfLastBackup } from './steps.js';

export const DEPLOYMENT = 'bench';
export const EMPTY_DEPLOYMENT = 'empty';

export const MEASUREMENTS = [
  'dumpFloor',
  'dumpStep',
  'tarFloor',
  'tarZstd',
  'archiveStep',
  'byHand',
  'wholeBackup',
  'encryptedBackup',
  'today',
  'emptyBackup',
  'help',
] as const;

export type Measurement = (typeof MEASUREMENTS)[number];

/** Seconds, one for each round. */
export type Measured = Record<Measurement, number[]>;

export interface Rounds {
  measured: Measured;
  /** Of the last whole backup, and of the last one of an empty database. */
  steps: { whole: Steps; empty: Steps };
}

export const measureRounds = async (place: Place, subject: Subject, rounds: number): Promise<Rounds> => {
  const measured = Object.fromEntries(MEASUREMENTS.map((name) => [name, []])) as unknown as Measured;
  await timeScript(subject, 'dumpFloor');
  await timeScript(subject, 'tarFloor');
  for (let round = 1; round <= rounds; round++) {
    console.error(`\nround ${round} of ${rounds}`);
    for (const name of MEASUREMENTS) {
      const seconds = await measure(place, subject, name);
      console.error(`${name}: ${seconds.toFixed(2)} s`);
      measured[name].push(seconds);
    }
  }
  return {
    measured,
    steps: {
      whole: await stepsOfLastBackup(place.config, DEPLOYMENT),
      empty: await stepsOfLastBackup(place.config, EMPTY_DEPLOYMENT),
    },
  };
};

const measure = async (place: Place, subject: Subject, name: Measurement): Promise<number> => {
  if (name === 'dumpStep') return timeStep(place, 'database', 'dumpDatabases');
  if (name === 'archiveStep') return timeStep(place, 'files', 'archiveFiles');
  if (name === 'wholeBackup') return timeBackup(place, DEPLOYMENT, 'full');
  if (name === 'encryptedBackup') return encrypted(place, () => timeBackup(place, DEPLOYMENT, 'full'));
  if (name === 'emptyBackup') return timeBackup(place, EMPTY_DEPLOYMENT, 'full');
  if (name === 'help') return (await execa(process.execPath, [BINARY, '--help'])).durationMs / 1000;
  return timeScript(subject, name satisfies Script);
};

/** For somebody's key: nobody opens what is measured. The agent reads its configuration anew each time. */
const RECIPIENT = 'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p';

const encrypted = async <T>({ config }: Place, act: () => Promise<T>): Promise<T> => {
  const plain = await readFile(config, 'utf8');
  await writeFile(config, `${plain}encryption: { recipients: [${RECIPIENT}] }\n`);
  try {
    return await act();
  } finally {
    await writeFile(config, plain);
  }
};

/** One step of a backup that has no other long one. */
const timeStep = async (place: Place, type: string, activity: string): Promise<number> => {
  await timeBackup(place, DEPLOYMENT, type);
  const seconds = (await stepsOfLastBackup(place.config, DEPLOYMENT)).get(activity);
  if (seconds === undefined) throw new Error(`no activity ${activity} in the backup’s history`);
  return seconds;
};

const answer = z.object({ backup: z.string() });

/** The command from its start to its end; its backup is removed, so that the disk does not fill up. */
const timeBackup = async (place: Place, deployment: string, type: string): Promise<number> => {
  const { seconds, stdout } = await holdfast(place, 'backup', deployment, '--type', type, '--json');
  const { backup } = answer.parse(JSON.parse(stdout));
  await rm(join(place.sandbox.folder, 'backups', deployment, backup), { recursive: true });
  return seconds;
};
