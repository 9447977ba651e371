// Restores of the database over the live one, and what its clients see of each.
import { holdfast, type Place } from '../demo/command-line.js';
import { type Outage, outageDuring } from './outage.js';
import { DEPLOYMENT } from './rounds.js';

export interface MeasuredRestore extends Outage {
  restoreSeconds: number;
}

export const measureRestores = async (
  place: Place,
  url: string,
  rounds: number,
): Promise<MeasuredRestore[]> => {
  await holdfast(place, 'backup', DEPLOYMENT, '--type', 'database', '--json');
  const measured: MeasuredRestore[] = [];
  for (let round = 1; round <= rounds; round++) {
    let restoreSeconds = 0;
    const outage = await outageDuring(url, async () => {
      const args = ['latest', '--only', 'database', '--confirm', DEPLOYMENT, '--json'];
      restoreSeconds = (await holdfast(place, 'restore', DEPLOYMENT, ...args)).seconds;
    });
    console.error(
      `restore ${round} of ${rounds}: ${restoreSeconds.toFixed(1)} s, outage ${outage.seconds.toFixed(3)} s`,
    );
    measured.push({ ...outage, restoreSeconds });
  }
  return measured;
};
