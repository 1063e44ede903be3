/** Errors as Direct Line 3.0 clients expect them: `{ error: { code, message } }` with a fitting HTTP status. */
import type { ErrorRequestHandler, RequestHandler } from 'express';
import { MulterError } from 'multer';
import { isUnavailable } from '../../../bot/store/errors.ts';
import type { DirectLineLogger } from './options.ts';

/** A refusal with its status; thrown by route handlers and turned into the answer by {@link answerErrors}. */
export class DirectLineError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }

  get body(): { error: { code: string; message: string } } {
    return { error: { code: this.code, message: this.message } };
  }
}

export const badArgument = (message: string): DirectLineError => new DirectLineError(400, 'BadArgument', message);
export const notFound = (what: string): DirectLineError => new DirectLineError(404, 'NotFound', `${what} not found`);
export const tooLarge = (what: string, bytes: number): DirectLineError =>
  new DirectLineError(413, 'MessageSizeTooBig', `${what} must not be larger than ${Math.floor(bytes / 1024)} KB`);

/** What body-parser, multer and the URL decoder throw, in words for the client; undefined for anything unforeseen. */
function translate(error: unknown): DirectLineError | undefined {
  if (error instanceof DirectLineError) return error;
  if (error instanceof MulterError) {
    if (error.code === 'LIMIT_FILE_SIZE') return new DirectLineError(413, 'MessageSizeTooBig', `file too large: ${error.field ?? 'file'}`);
    return badArgument(`multipart body: ${error.message}`);
  }
  const { type, status, message } = error as { type?: unknown; status?: unknown; message?: unknown };
  switch (type) {
    case 'entity.too.large':
      return new DirectLineError(413, 'MessageSizeTooBig', 'body too large');
    case 'entity.parse.failed':
      return badArgument('body is not valid JSON');
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return new DirectLineError(415, 'UnsupportedMediaType', String(message));
  }
  if (typeof status === 'number' && status >= 400 && status < 500) return new DirectLineError(status, 'BadArgument', String(message));
  if (error instanceof Error && /^(Multipart|Malformed|Unexpected end of form|Request (aborted|closed))/.test(error.message))
    return badArgument(`multipart body: ${error.message}`);
  return undefined;
}

/** Any path of this mount that no route took. */
export const unknownRoute: RequestHandler = () => {
  throw notFound('route');
};

/** Express error handler: foreseen errors with their status, a database out of order 503 with `unavailable`, everything else logged and answered 500 without its details. */
export function answerErrors(log: DirectLineLogger, unavailable?: string): ErrorRequestHandler {
  return (error, request, response, next) => {
    const known = translate(error);
    if (!known) log.error({ err: error, method: request.method, path: request.path }, 'direct line request failed');
    if (response.headersSent) return next(error);
    if (!known && isUnavailable(error)) {
      // Nothing was stored: the client keeps the message and sends it again.
      const words = unavailable ?? 'nothing can be stored at the moment; please try again';
      return void response
        .status(503)
        .set('Retry-After', '3')
        .json(new DirectLineError(503, 'ServiceUnavailable', words).body);
    }
    const answer = known ?? new DirectLineError(500, 'InternalError', 'something went wrong on our side; please try again');
    if (answer.status === 401) response.set('WWW-Authenticate', 'Bearer');
    response.status(answer.status).json(answer.body);
  };
}
