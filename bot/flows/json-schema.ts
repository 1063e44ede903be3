/** The flow language as a JSON Schema, for editors that complete and check YAML while one writes. */
import { z } from 'zod';
import { flowSchema } from './schema.ts';

/** Where a server offers it. */
export const FLOW_SCHEMA_PATH = '/schemas/flow.json';

/** Draft 7, the version that YAML editors know best. */
export function flowJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(flowSchema, { io: 'input', target: 'draft-7' });
  return { ...schema, title: 'Wenban flow', description: 'A guided flow: flows/*.yaml of a knowledge pack' };
}
