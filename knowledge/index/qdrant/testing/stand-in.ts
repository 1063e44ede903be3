/** A stand-in for a Qdrant server, for tests without one: the routes that the unit store uses, every request body checked strictly. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type NextFunction, type Request, type Response } from 'express';
import { z } from 'zod';
import { answer, Refused, type StoredCollection } from './evaluate.ts';
import {
  aliasesSchema,
  countSchema,
  createCollectionSchema,
  createIndexSchema,
  type Point,
  type Query,
  queryBatchSchema,
  querySchema,
  upsertSchema,
} from './schemas.ts';

export interface StandIn {
  readonly url: string;
  readonly collections: ReadonlyMap<string, StoredCollection>;
  readonly aliases: ReadonlyMap<string, string>;
  /** Every request so far, as "PUT /collections/x/points". */
  readonly requests: string[];
  /** Bodies that did not fit the schemas, so that a test can show there were none. */
  readonly refused: string[];
  /** Called before each request: a status answers at once with it, 'drop' breaks the connection, 'late' does the work and then breaks it. */
  trouble: ((request: string) => number | 'drop' | 'late' | undefined) | undefined;
  close(): Promise<void>;
}

/** Largest body a Qdrant server takes by default (`service.max_request_size_mb`). */
const largestBody = '32mb';
/** Points a request may hold, by the store's own word. */
const largestBatch = 256;

export async function startStandIn(options: { apiKey?: string; version?: string } = {}): Promise<StandIn> {
  const collections = new Map<string, StoredCollection>();
  const aliases = new Map<string, string>();
  const requests: string[] = [];
  const refused: string[] = [];
  const app = express();
  const standIn = { collections, aliases, requests, refused, trouble: undefined as StandIn['trouble'] };

  const find = (name: unknown): StoredCollection => {
    const collection = collections.get(aliases.get(String(name)) ?? String(name));
    if (!collection) throw new Refused(404, `Not found: Collection \`${String(name)}\` doesn't exist!`);
    return collection;
  };
  const body = <T>(schema: z.ZodType<T>, request: Request): T => {
    const parsed = schema.safeParse(request.body ?? {});
    if (parsed.success) return parsed.data;
    refused.push(`${request.method} ${request.path}: ${z.prettifyError(parsed.error)}`);
    throw new Refused(400, `Format error in JSON body: ${z.prettifyError(parsed.error)}`);
  };
  const waited = (request: Request) => {
    if (request.query.wait !== 'true') throw new Refused(400, 'the store must wait for its writes');
  };
  const say = (response: Response, result: unknown) => void response.json({ result, status: 'ok', time: 0 });

  app.use((request, response, next) => {
    const line = `${request.method} ${request.path}`;
    requests.push(line);
    const trouble = standIn.trouble?.(line);
    if (trouble === 'drop') return void request.socket.destroy();
    if (trouble === 'late') {
      // The work is done; only its answer never arrives.
      response.json = () => {
        request.socket.destroy();
        return response;
      };
    }
    if (typeof trouble === 'number') throw new Refused(trouble, 'trouble made by the test');
    if (options.apiKey !== undefined && request.header('api-key') !== options.apiKey)
      throw new Refused(401, 'Must provide an API key or an Authorization bearer token');
    next();
  });
  app.use(express.json({ limit: largestBody }));

  app.get('/', (_request, response) => void response.json({ title: 'qdrant stand-in', version: options.version ?? '1.17.0' }));
  app.get('/aliases', (_request, response) =>
    say(response, { aliases: [...aliases].map(([alias_name, collection_name]) => ({ alias_name, collection_name })) }),
  );
  app.get('/collections', (_request, response) => say(response, { collections: [...collections.keys()].map((name) => ({ name })) }));
  app.post('/collections/aliases', (request, response) => {
    const next = new Map(aliases);
    for (const action of body(aliasesSchema, request).actions) {
      if ('delete_alias' in action) {
        if (!next.delete(action.delete_alias.alias_name)) throw new Refused(404, `Not found: Alias ${action.delete_alias.alias_name}`);
        continue;
      }
      const { alias_name, collection_name } = action.create_alias;
      if (next.has(alias_name) || collections.has(alias_name)) throw new Refused(409, `Wrong input: ${alias_name} already exists`);
      if (!collections.has(collection_name)) throw new Refused(404, `Not found: Collection \`${collection_name}\` doesn't exist!`);
      next.set(alias_name, collection_name);
    }
    aliases.clear();
    for (const [alias, name] of next) aliases.set(alias, name);
    say(response, true);
  });
  app.get('/collections/:name/exists', (request, response) => say(response, { exists: collections.has(String(request.params.name)) }));
  app.get('/collections/:name', (request, response) => {
    const { config, points } = find(request.params.name);
    say(response, { status: 'green', points_count: points.size, config: { params: {}, metadata: config.metadata } });
  });
  app.put('/collections/:name', (request, response) => {
    const config = body(createCollectionSchema, request);
    if (collections.has(request.params.name)) throw new Refused(409, `Wrong input: Collection \`${request.params.name}\` already exists!`);
    collections.set(request.params.name, { config, points: new Map(), indexes: new Map() });
    say(response, true);
  });
  app.delete('/collections/:name', (request, response) => {
    const there = collections.delete(String(request.params.name));
    for (const [alias, name] of aliases) if (name === request.params.name) aliases.delete(alias);
    say(response, there);
  });
  app.put('/collections/:name/index', (request, response) => {
    waited(request);
    const { field_name, field_schema } = body(createIndexSchema, request);
    find(request.params.name).indexes.set(field_name, field_schema);
    say(response, { operation_id: 0, status: 'completed' });
  });
  app.put('/collections/:name/points', (request, response) => {
    waited(request);
    const collection = find(request.params.name);
    const { points } = body(upsertSchema, request);
    if (points.length > largestBatch) throw new Refused(400, `${points.length} points in one request`);
    for (const point of points) {
      checkVectors(collection, point);
      collection.points.set(point.id, point);
    }
    say(response, { operation_id: 0, status: 'completed' });
  });
  app.post('/collections/:name/points/count', (request, response) => {
    body(countSchema, request);
    say(response, { count: find(request.params.name).points.size });
  });
  const points = (collection: StoredCollection, query: Query) => ({
    points: answer(collection, query).map((one) => ({
      ...one,
      version: 0,
      ...payloadOf(collection.points.get(one.id), query.with_payload),
      ...vectorsOf(collection.points.get(one.id), query.with_vector),
    })),
  });
  app.post('/collections/:name/points/query', (request, response) => {
    say(response, points(find(request.params.name), body(querySchema, request)));
  });
  app.post('/collections/:name/points/query/batch', (request, response) => {
    const collection = find(request.params.name);
    say(
      response,
      body(queryBatchSchema, request).searches.map((query) => points(collection, query)),
    );
  });
  app.use((request, response) => {
    refused.push(`${request.method} ${request.path}: no such route`);
    response.status(404).send();
  });
  app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => {
    const status = error instanceof Refused ? error.status : 500;
    response.status(status).json({ status: { error: error instanceof Error ? error.message : String(error) }, time: 0 });
  });

  const server: Server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(standIn, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

function checkVectors(collection: StoredCollection, point: Point): void {
  for (const [name, vector] of Object.entries(point.vector)) {
    const size = collection.config.vectors?.[name]?.size;
    const known = Array.isArray(vector) ? size !== undefined : collection.config.sparse_vectors?.[name] !== undefined;
    if (!known) throw new Refused(400, `Wrong input: Not existing vector name error: ${name}`);
    if (Array.isArray(vector) && vector.length !== size)
      throw new Refused(400, `Wrong input: Vector dimension error: expected dim: ${size}, got ${vector.length}`);
  }
}

function payloadOf(point: Point | undefined, wanted: Query['with_payload']): { payload?: Record<string, unknown> } {
  const payload = point?.payload ?? {};
  if (!wanted) return {};
  if (wanted === true) return { payload };
  return { payload: Object.fromEntries(Object.entries(payload).filter(([key]) => wanted.includes(key))) };
}

function vectorsOf(point: Point | undefined, wanted: Query['with_vector']): { vector?: Point['vector'] } {
  if (!wanted) return {};
  const vectors = point?.vector ?? {};
  return { vector: wanted === true ? vectors : Object.fromEntries(Object.entries(vectors).filter(([name]) => wanted.includes(name))) };
}
