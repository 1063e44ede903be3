/** How the server fares, for supervisors and administrators: the figures of /readyz and /metrics in one answer. */
import { z } from 'zod';
import { supervisors } from './roles.ts';
import { type Route, route } from './route.ts';

const waitingSchema = z.object({ count: z.int(), oldestSeconds: z.number().nullable() });

export const operationsSchema = z.object({
  version: z.string(),
  node: z.string(),
  startedAt: z.iso.datetime(),
  at: z.iso.datetime(),
  engine: z.enum(['sqlite', 'postgres']),
  pack: z.object({ name: z.string(), city: z.string(), sample: z.boolean(), items: z.int() }),
  index: z.enum(['embedded', 'qdrant']),
  embeddings: z.enum(['built-in', 'endpoint']),
  /** Endpoint host and model; null: cited extracts answer. */
  model: z.string().nullable(),
  modelCalls: z.object({ ok: z.int(), failed: z.int() }),
  tracing: z.boolean(),
  memoryBytes: z.int(),
  parts: z.array(
    z.object({
      name: z.string(),
      state: z.enum(['ok', 'degraded', 'down', 'off']),
      detail: z.string(),
      figures: z.record(z.string(), z.number()).optional(),
    }),
  ),
  inbox: waitingSchema,
  outbox: waitingSchema,
  queue: waitingSchema,
  withAgents: z.int(),
  openWorkOrders: z.int(),
  overdueWorkOrders: z.int(),
  staffOnline: z.int(),
  channels: z.array(z.object({ name: z.string(), on: z.boolean(), detail: z.string() })),
});
export type Operations = z.infer<typeof operationsSchema>;

export function adminRoutes({ operations }: { readonly operations: () => Promise<Operations> }): Route[] {
  return [
    route(
      {
        method: 'get',
        path: '/admin/status',
        summary: 'How the server fares: parts, what waits, channels, language model, versions',
        roles: supervisors,
        response: operationsSchema,
      },
      () => operations(),
    ),
  ];
}
