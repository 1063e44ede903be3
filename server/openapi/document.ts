/** The OpenAPI 3.1 document of every route, made from the schemas that parse the requests. Source: OpenAPI Specification 3.1.1. */
import { z } from 'zod';
import type { DescribedRoute, RouteGroup } from './described.ts';
import { examples } from './examples.ts';

type Json = Record<string, unknown>;

export interface OpenApiDocument extends Json {
  readonly openapi: '3.1.1';
  readonly paths: Record<string, Record<string, Json>>;
}

/** What holds for every route; shown first on the page. */
const description = `问办的公开接口。The public interface of Wenban.

- 市民端 citizens: Direct Line 3.0。先取令牌，再开对话，然后收发活动；带着同一个 \`clientActivityID\` 重发是安全的。Get a token, start the conversation, post and read activities; posting again with the same \`clientActivityID\` is harmless.
- 工作人员端 staff: 登录后用 cookie；\`x-roles\` 写明哪些角色能用。A cookie after login; \`x-roles\` names who may call.
- 出错 errors: \`{ "error": { "code", "message" } }\`；429 和 503 带 \`Retry-After\`，等一等再试。
`;

const errorSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** Builds the document. Throws when two routes share a method and path: one of them could never be reached. */
export function openApiDocument(
  about: { title: string; version: string; publicUrl?: string | undefined },
  groups: readonly RouteGroup[],
): OpenApiDocument {
  const paths: Record<string, Record<string, Json>> = {};
  for (const group of groups) {
    for (const described of group.routes) {
      const path = `${group.prefix}${described.path}` || '/';
      const operations = paths[path] ?? {};
      paths[path] = operations;
      if (operations[described.method]) throw new Error(`two routes for ${described.method.toUpperCase()} ${path}`);
      operations[described.method] = operation(described, group, path);
    }
  }
  return {
    openapi: '3.1.1',
    info: { title: about.title, version: about.version, description, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    ...(about.publicUrl ? { servers: [{ url: about.publicUrl }] } : {}),
    tags: groups.map(({ tag, description }) => ({ name: tag, description })),
    paths,
    components: {
      schemas: { Error: jsonSchema(errorSchema) },
      securitySchemes: {
        deskCookie: { type: 'apiKey', in: 'cookie', name: 'wenban_desk', description: 'Set by POST /desk/api/login' },
        directLineToken: { type: 'http', scheme: 'bearer', description: 'A token of tokens/generate, or the Direct Line secret' },
      },
    },
  };
}

function operation(described: DescribedRoute, group: RouteGroup, path: string): Json {
  const { method, summary, roles, params, query, body, consumes = 'application/json', errors = {} } = described;
  const open = group.security === 'none' || roles === 'public';
  const example = examples[operationId(method, path)] ?? {};
  const refusals: Record<number, readonly string[]> = {
    400: ['bad_request'],
    ...(open ? {} : { 401: ['signed_out'], 403: ['forbidden'] }),
    ...errors,
  };
  return {
    operationId: operationId(method, path),
    tags: [group.tag],
    summary,
    ...(open ? {} : { security: [{ [group.security]: [] }] }),
    ...(Array.isArray(roles) ? { 'x-roles': roles } : {}),
    parameters: [...pathParameters(path, params), ...queryParameters(query)],
    ...(body
      ? {
          requestBody: {
            required: !body.safeParse(undefined).success,
            content: { [consumes]: { schema: jsonSchema(body), ...shown(example.request) } },
          },
        }
      : consumes === 'application/json'
        ? {}
        : { requestBody: { required: true, content: { [consumes]: { schema: { type: 'string', format: 'binary' } } } } }),
    responses: {
      ...success(described, example.response),
      ...Object.fromEntries(
        Object.entries(refusals).map(([status, codes]) => [
          status,
          { description: codes.join(', '), content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } },
        ]),
      ),
    },
  };
}

/** An example as a media type has it. */
const shown = (value: unknown): Json => (value === undefined ? {} : { example: value });

function success({ response, produces, success: status, successAgain }: DescribedRoute, example: unknown): Json {
  if (produces !== undefined) return { [status ?? 200]: { description: 'Done', content: { [produces]: { schema: { type: 'string' } } } } };
  if (response === undefined) return { [status ?? 204]: { description: 'Done; no content' } };
  const done = { description: 'Done', content: { 'application/json': { schema: jsonSchema(response), ...shown(example) } } };
  return { [status ?? 200]: done, ...(successAgain ? { [successAgain]: { ...done, description: 'Done before' } } : {}) };
}

/** Every name in the path is a parameter, described or not. */
function pathParameters(path: string, schema: z.ZodType | undefined): Json[] {
  const properties = propertiesOf(schema);
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: properties.get(name)?.schema ?? { type: 'string' },
  }));
}

function queryParameters(schema: z.ZodType | undefined): Json[] {
  return [...propertiesOf(schema)].map(([name, { schema: one, required }]) => ({ name, in: 'query', required, schema: one }));
}

function propertiesOf(schema: z.ZodType | undefined): Map<string, { schema: Json; required: boolean }> {
  if (schema === undefined) return new Map();
  const { properties = {}, required = [] } = jsonSchema(schema) as { properties?: Record<string, Json>; required?: string[] };
  return new Map(Object.entries(properties).map(([name, one]) => [name, { schema: one, required: required.includes(name) }]));
}

/** What a caller may write; refinements that JSON Schema can't say are left out. */
function jsonSchema(schema: z.ZodType): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' }) as Json;
  return rest;
}

/** `post /desk/api/conversations/{id}/claim` → postDeskApiConversationsIdClaim. */
export function operationId(method: string, path: string): string {
  const words = path.split(/[^\w]+/).filter(Boolean);
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}
