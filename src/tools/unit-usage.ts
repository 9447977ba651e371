// What a systemd unit uses, as far as systemd accounts for it.
import { runProgram } from './process.js';

export interface UnitUsage {
  /** null: it is not accounted for. */
  memoryBytes: number | null;
  /** Processor time since it started. */
  processorSeconds: number | null;
}

export const unitUsage = async (unit: string): Promise<UnitUsage> => {
  const args = ['show', '--property=MemoryCurrent,CPUUsageNSec', '--', unit];
  const { stdout } = await runProgram({ program: 'systemctl', args });
  const nanoseconds = numberIn(stdout, 'CPUUsageNSec');
  return {
    memoryBytes: numberIn(stdout, 'MemoryCurrent'),
    processorSeconds: nanoseconds === null ? null : nanoseconds / 1e9,
  };
};

/** `[not set]`, and the largest 64 bit number, stand for an unknown one. */
const numberIn = (text: string, property: string): number | null => {
  const digits = new RegExp(`^${property}=(\\d{1,18})$`, 'm').exec(text)?.[1];
  return digits === undefined ? null : Number(digits);
};
