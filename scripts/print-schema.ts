// Prints what holdfast.schema.json holds: tsx scripts/print-schema.ts > holdfast.schema.json
import { configJsonSchema } from '../src/config/json-schema.js';

process.stdout.write(`${JSON.stringify(configJsonSchema(), null, 2)}\n`);
