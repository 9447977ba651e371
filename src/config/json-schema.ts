// The JSON Schema of holdfast.yaml, for editors; the same schema that validates. holdfast.schema.json is what this gives.
import { z } from 'zod';
import { configSchema } from './schema.js';

export const configJsonSchema = (): Record<string, unknown> => ({
  title: 'holdfast.yaml',
  ...z.toJSONSchema(configSchema, { io: 'input', target: 'draft-7' }),
});
