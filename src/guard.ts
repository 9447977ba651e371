// The guard of quiet services, as a process: see operations/guard.ts. Its only argument says what it guards, as JSON.
import { runEffect } from './domain/effect.js';
import { guard } from './operations/guard.js';

await guard(JSON.parse(process.argv[2] ?? '{}'), runEffect);
