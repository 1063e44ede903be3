/** A server on one machine with a full disk ahead: for tests of the operators' screen and route. */
import type { Operations } from '../admin-routes.ts';

const nothing = { count: 0, oldestSeconds: null };

export const plainOperations: Operations = {
  version: '1.2.3',
  node: 'v22.0.0',
  startedAt: '2026-03-01T00:00:00.000Z',
  at: '2026-03-02T02:30:00.000Z',
  engine: 'sqlite',
  pack: { name: 'sample', city: '安澜市', sample: true, items: 319 },
  index: 'embedded',
  embeddings: 'built-in',
  model: null,
  modelCalls: { ok: 0, failed: 0 },
  tracing: false,
  memoryBytes: 314_572_800,
  parts: [
    { name: 'database', state: 'ok', detail: '' },
    { name: 'disk', state: 'degraded', detail: '只剩 900 MB' },
    { name: 'model', state: 'off', detail: '' },
  ],
  inbox: { count: 2, oldestSeconds: 75 },
  outbox: nothing,
  queue: nothing,
  withAgents: 1,
  openWorkOrders: 4,
  overdueWorkOrders: 1,
  staffOnline: 2,
  channels: [
    { name: 'web', on: true, detail: '' },
    { name: 'sms', on: false, detail: 'SMS_PROVIDER' },
  ],
};
