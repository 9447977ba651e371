// The reader of dumps, as a process: see tools/read-dump.ts.
import { readDump } from './tools/read-dump.js';

readDump({ from: 0, to: 1 });
