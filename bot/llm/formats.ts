/** The ways of asking an endpoint for a structure, best first; which one it can do is found out once. */
import type OpenAI from 'openai';
import { z } from 'zod';
import type { ModelRequest } from './model.ts';

export type Format = 'json_schema' | 'tool' | 'json_object' | 'text';
export const formats: readonly Format[] = ['json_schema', 'tool', 'json_object', 'text'];

/** Parameters an endpoint may not know; each is left out once it has complained about it. */
export interface Dialect {
  format: Format;
  temperature: boolean;
  streamUsage: boolean;
  limit: 'max_tokens' | 'max_completion_tokens' | 'none';
}

export const freshDialect = (): Dialect => ({ format: 'json_schema', temperature: true, streamUsage: true, limit: 'max_tokens' });

type Body = OpenAI.Chat.Completions.ChatCompletionCreateParams;

/** The request body for a format. Schema restrictions that strict engines don't know are left to zod. */
export function bodyOf<T>(model: string, request: ModelRequest<T>, texts: { system: string; user: string }, dialect: Dialect): Body {
  const schema = plainSchema(z.toJSONSchema(request.schema, { io: 'output', target: 'draft-7' })) as Record<string, unknown>;
  const described = dialect.format === 'json_object' || dialect.format === 'text';
  const system = described
    ? `${texts.system}\n\n只输出一个 JSON 对象，符合这个 JSON Schema，不要其他文字：\n${JSON.stringify(schema)}`
    : texts.system;
  return {
    model,
    messages: [
      { role: 'system', content: system },
      { role: 'user', content: texts.user },
    ],
    ...(dialect.temperature ? { temperature: 0 } : {}),
    ...(dialect.limit === 'none' || request.maxTokens === undefined ? {} : { [dialect.limit]: request.maxTokens }),
    ...(request.stream ? { stream: true as const, ...(dialect.streamUsage ? { stream_options: { include_usage: true } } : {}) } : {}),
    ...formatParameters(request.name, schema, dialect.format),
  };
}

function formatParameters(name: string, schema: Record<string, unknown>, format: Format): Partial<Body> {
  switch (format) {
    case 'json_schema':
      return { response_format: { type: 'json_schema', json_schema: { name, strict: true, schema } } };
    case 'tool':
      return {
        tools: [{ type: 'function', function: { name, parameters: schema, strict: true } }],
        tool_choice: { type: 'function', function: { name } },
      };
    case 'json_object':
      return { response_format: { type: 'json_object' } };
    case 'text':
      return {};
  }
}

const unknownToStrictEngines = new Set([
  '$schema',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'pattern',
  'format',
  'default',
]);

function plainSchema(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainSchema);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !unknownToStrictEngines.has(key))
      // Under `properties` the keys are names of ours, not words of JSON Schema.
      .map(([key, one]) => [
        key,
        key === 'properties'
          ? Object.fromEntries(Object.entries(one as object).map(([name, of]) => [name, plainSchema(of)]))
          : plainSchema(one),
      ]),
  );
}

/** The next thing to try after an endpoint refused a request; undefined when there is nothing left. Input: its message. */
export function adapted(dialect: Dialect, message: string): Dialect | undefined {
  const text = message.toLowerCase();
  if (dialect.temperature && text.includes('temperature')) return { ...dialect, temperature: false };
  if (dialect.streamUsage && text.includes('stream_options')) return { ...dialect, streamUsage: false };
  if (dialect.limit !== 'none' && text.includes('max_tokens') && !text.includes('context'))
    return {
      ...dialect,
      limit: dialect.limit === 'max_tokens' && text.includes('max_completion_tokens') ? 'max_completion_tokens' : 'none',
    };
  const next = formats[formats.indexOf(dialect.format) + 1];
  // The plainest request has nothing in it that an endpoint might not know.
  return next === undefined
    ? undefined
    : { ...dialect, format: next, ...(next === 'text' ? { streamUsage: false, temperature: false } : {}) };
}
