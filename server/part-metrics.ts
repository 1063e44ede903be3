/** What /readyz says, as a figure: one for the state each part is in. */
import { Gauge, type Registry } from 'prom-client';
import type { Readiness } from './readiness.ts';

const states = ['ok', 'degraded', 'down', 'off'] as const;

/** @param parts asked at each collection; a server that is not built yet has none */
export function partMetrics(registry: Registry, parts: () => Promise<Readiness['parts']>): void {
  new Gauge({
    name: 'wenban_part_state',
    help: 'One for the state each part of the server is in, zero for the others',
    labelNames: ['part', 'state'],
    registers: [registry],
    async collect() {
      for (const { name, state } of await parts()) for (const one of states) this.set({ part: name, state: one }, one === state ? 1 : 0);
    },
  });
}
