/** A route of the staff API as data: from one description come the check of who may call it, its parsing and its entry in the OpenAPI document. */
import { type Request, type RequestHandler, type Response, Router } from 'express';
import type { z } from 'zod';
import type { StaffRole } from '../../bot/store/staff.ts';
import { parse } from './errors.ts';
import { staffOf } from './guards.ts';
import type { SignedIn } from './sessions.ts';

type Schema = z.ZodType | undefined;
type Parsed<S extends Schema> = S extends z.ZodType ? z.output<S> : undefined;

export interface RouteSpec<P extends Schema = Schema, Q extends Schema = Schema, B extends Schema = Schema, R extends Schema = Schema> {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** As OpenAPI writes it: `/conversations/{id}/claim`. */
  readonly path: string;
  readonly summary: string;
  /** Who may call it; `public`: no session needed. */
  readonly roles: readonly StaffRole[] | 'public';
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** Media type of a body that is not JSON: the handler reads it. */
  readonly consumes?: string;
  /** What a success answers; none: 204 without a body. */
  readonly response?: R;
  /** Of a success that is not JSON: text/csv, text/event-stream. */
  readonly produces?: string;
  /** Refusals beyond 400, 401 and 403: status → error codes. */
  readonly errors?: Readonly<Record<number, readonly string[]>>;
}

export interface Call<P extends Schema, Q extends Schema, B extends Schema> {
  readonly params: Parsed<P>;
  readonly query: Parsed<Q>;
  readonly body: Parsed<B>;
  readonly request: Request;
  readonly response: Response;
  /** Who calls. Throws on a public route. */
  readonly staff: SignedIn;
}

export interface Route {
  readonly spec: RouteSpec;
  readonly handler: RequestHandler;
}

/** What a handler returns is answered as JSON; without a `response` schema it is 204, and with `produces` the handler answers by itself. */
export function route<
  P extends Schema = undefined,
  Q extends Schema = undefined,
  B extends Schema = undefined,
  R extends Schema = undefined,
>(spec: RouteSpec<P, Q, B, R>, handle: (call: Call<P, Q, B>) => Promise<Parsed<R>> | Parsed<R>): Route {
  const handler: RequestHandler = async (request, response) => {
    const call: Call<P, Q, B> = {
      params: read(spec.params, request.params) as Parsed<P>,
      query: read(spec.query, request.query) as Parsed<Q>,
      body: read(spec.body, request.body) as Parsed<B>,
      request,
      response,
      get staff() {
        return staffOf(request);
      },
    };
    const answer = await handle(call);
    if (spec.produces !== undefined) return;
    if (spec.response === undefined) response.status(204).end();
    else response.json(answer);
  };
  return { spec, handler };
}

const read = (schema: Schema, value: unknown): unknown => (schema === undefined ? undefined : parse(schema, value));

/** An express router of these routes; `allow` makes the guard of a set of roles. */
export function mounted(routes: readonly Route[], allow: (roles: readonly StaffRole[]) => RequestHandler): Router {
  const router = Router();
  for (const { spec, handler } of routes) {
    const guards = spec.roles === 'public' ? [] : [allow(spec.roles)];
    router[spec.method](spec.path.replace(/\{(\w+)\}/g, ':$1'), ...guards, handler);
  }
  return router;
}
