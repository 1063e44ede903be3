/** Where spans go, from the environment. Names are OpenTelemetry's own: "OpenTelemetry Environment Variable Specification". */
import { z } from 'zod';

export interface TracingSettings {
  /** Without a trailing slash; spans go to `<endpoint>/v1/traces`. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly serviceName: string;
  /** Share of traces that are kept, 0–1; a caller's own decision goes before it. */
  readonly ratio: number;
}

const filled = <T extends z.ZodType>(schema: T) => z.preprocess((value) => (value === '' ? undefined : value), schema);
const schema = z.object({
  OTEL_EXPORTER_OTLP_ENDPOINT: filled(z.url({ protocol: /^https?$/ }).optional()),
  OTEL_EXPORTER_OTLP_HEADERS: filled(
    z
      .string()
      .regex(/^[\w-]+=(?:[^,%]|%[\dA-Fa-f]{2})*(?:,[\w-]+=(?:[^,%]|%[\dA-Fa-f]{2})*)*$/, 'should be name=value,name=value')
      .optional(),
  ),
  OTEL_SERVICE_NAME: filled(z.string().default('wenban')),
  OTEL_TRACES_SAMPLER_ARG: filled(z.coerce.number().min(0).max(1).default(1)),
});

/** No endpoint: no tracing. Problems name the offending key. */
export function tracingSettings(
  environment: NodeJS.ProcessEnv,
): { ok: true; tracing: TracingSettings | undefined } | { ok: false; problems: string[] } {
  const parsed = schema.safeParse(environment);
  if (!parsed.success) return { ok: false, problems: parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) };
  const values = parsed.data;
  const endpoint = values.OTEL_EXPORTER_OTLP_ENDPOINT?.replace(/\/+$/, '');
  if (endpoint === undefined) return { ok: true, tracing: undefined };
  const headers = Object.fromEntries(
    (values.OTEL_EXPORTER_OTLP_HEADERS ?? '')
      .split(',')
      .filter(Boolean)
      .map((pair) => [pair.slice(0, pair.indexOf('=')).trim(), decodeURIComponent(pair.slice(pair.indexOf('=') + 1).trim())]),
  );
  return { ok: true, tracing: { endpoint, headers, serviceName: values.OTEL_SERVICE_NAME, ratio: values.OTEL_TRACES_SAMPLER_ARG } };
}
