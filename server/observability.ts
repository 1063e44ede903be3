/** Figures, spans and turn ids of one running server. */
import { Gauge } from 'prom-client';
import type { Observe } from '../bot/observe.ts';
import packageFile from '../package.json' with { type: 'json' };
import type { Config } from './config.ts';
import type { House } from './house.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { modelMetrics } from './model-metrics.ts';
import { both, turnInLog } from './observing.ts';
import { partMetrics } from './part-metrics.ts';
import { readiness } from './readiness.ts';
import { storeMetrics } from './store-metrics.ts';
import type { Tracing } from './tracing/tracing.ts';
import { turnMetrics } from './turn-metrics.ts';

export interface Observability {
  readonly metrics: Metrics;
  readonly observe: Observe;
  /** Absent: no endpoint takes spans. */
  readonly tracing: Tracing | undefined;
}

/** @param house asked at each collection; undefined until it is built. OpenTelemetry is loaded only when spans are wanted. */
export async function openObservability(config: Config, now: () => number, house: () => House | undefined): Promise<Observability> {
  const metrics = createMetrics();
  const { version } = packageFile;
  new Gauge({ name: 'wenban_info', help: 'Always 1; its version is a label', labelNames: ['version'], registers: [metrics.registry] }).set(
    { version },
    1,
  );
  modelMetrics(metrics.registry, () => house()?.modelTotals.list() ?? []);
  storeMetrics(
    metrics.registry,
    () => {
      const built = house();
      if (!built) throw new Error('the house is not built yet');
      return built.database.db;
    },
    now,
  );
  partMetrics(metrics.registry, async () => {
    const built = house();
    return built ? (await readiness(built, false)).parts : [];
  });
  const counted = turnInLog(turnMetrics(metrics.registry));
  if (!config.tracing) return { metrics, observe: counted, tracing: undefined };
  const { startTracing } = await import('./tracing/tracing.ts');
  const backEnds = [config.languageModel?.baseUrl, config.rerank?.baseUrl, config.embedding?.baseUrl, config.qdrant?.url];
  const tracing = startTracing(
    config.tracing,
    version,
    backEnds.flatMap((url) => (url === undefined ? [] : [new URL(url).origin])),
  );
  return { metrics, observe: both(tracing.observe, counted), tracing };
}
