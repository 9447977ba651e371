// The intake of a restic repository, as a process: see tools/take-in.ts.
import { intakeOf } from './tools/take-in.js';

process.exitCode = intakeOf(process.argv.slice(2));
