/** Refusals of the endpoint: `{ error: { code, message } }` with a fitting HTTP status, as the Bot Connector's own errors look. */
import type { ErrorRequestHandler } from 'express';
import type { BotFrameworkLogger } from './options.ts';

export class BotFrameworkError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export const badArgument = (message: string): BotFrameworkError => new BotFrameworkError(400, 'BadArgument', message);

/** What express.json throws, in words for the client; undefined for anything unforeseen. */
function translate(error: unknown): BotFrameworkError | undefined {
  if (error instanceof BotFrameworkError) return error;
  const { type, status, message } = error as { type?: unknown; status?: unknown; message?: unknown };
  if (type === 'entity.too.large') return new BotFrameworkError(413, 'MessageSizeTooBig', 'body too large');
  if (type === 'entity.parse.failed') return badArgument('body is not valid JSON');
  if (typeof status === 'number' && status >= 400 && status < 500) return new BotFrameworkError(status, 'BadArgument', String(message));
  return undefined;
}

/** Express error handler: foreseen errors with their status, everything else logged and answered 500 without its details. */
export function answerErrors(log: BotFrameworkLogger): ErrorRequestHandler {
  return (error, _request, response, next) => {
    const known = translate(error);
    if (!known) log.error({ err: error }, 'a Bot Framework request failed');
    if (response.headersSent) return next(error);
    const { status, code, message } =
      known ?? new BotFrameworkError(500, 'InternalError', 'something went wrong on our side; please try again');
    if (status === 401) response.set('WWW-Authenticate', 'Bearer');
    response.status(status).json({ error: { code, message } });
  };
}
