/** What the document needs to know of a route; the staff API's and the channels' route lists fit this shape. */
import type { z } from 'zod';

export interface DescribedRoute {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** As OpenAPI writes it: `/conversations/{id}`. */
  readonly path: string;
  readonly summary: string;
  readonly roles?: readonly string[] | 'public';
  readonly params?: z.ZodType | undefined;
  readonly query?: z.ZodType | undefined;
  readonly body?: z.ZodType | undefined;
  /** Media type of the request body; application/json when absent. */
  readonly consumes?: string | undefined;
  readonly response?: z.ZodType | undefined;
  /** Of a success that is not JSON. */
  readonly produces?: string | undefined;
  /** Status of success; 200 with an answer, 204 without, when absent. */
  readonly success?: number | undefined;
  /** Another status of success with the same answer. */
  readonly successAgain?: number | undefined;
  readonly errors?: Readonly<Record<number, readonly string[]>> | undefined;
}

/** Routes under one address, with what they ask of a caller. */
export interface RouteGroup {
  readonly tag: string;
  readonly description: string;
  readonly prefix: string;
  readonly security: 'deskCookie' | 'directLineToken' | 'none';
  readonly routes: readonly DescribedRoute[];
}
