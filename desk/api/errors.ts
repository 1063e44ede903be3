/** Every answer that is not a success: `{ error: { code, message } }` with words the desk can show. */
import type { ErrorRequestHandler, RequestHandler } from 'express';
import { z } from 'zod';

/** A refusal with its HTTP status; thrown by handlers, turned into JSON by `errorHandler`. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Reads a value by its schema. Errors: ApiError 400 naming the field. */
export function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.') ?? '';
  // zod's own words are English
  const message = issue !== undefined && /\p{Script=Han}/u.test(issue.message) ? issue.message : '格式不正确';
  throw new ApiError(400, 'bad_request', field === '' ? message : `${field}：${message}`);
}

/** Answers whatever no route answered. */
export const notFoundHandler: RequestHandler = (request, _response, next) => {
  next(new ApiError(404, 'not_found', `没有这个接口：${request.method} ${request.path}`));
};

/** Turns anything thrown into JSON; what nobody foresaw is 500 without details and goes to `onError`. */
export function errorHandler(onError: (error: unknown) => void): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const known = error instanceof ApiError ? error : fromHttpError(error);
    if (known === undefined) onError(error);
    const { status, code, message } = known ?? { status: 500, code: 'internal', message: '服务器出了点问题，请稍后再试' };
    response.status(status).json({ error: { code, message } });
  };
}

const httpErrorSchema = z.object({ status: z.int().min(400).max(499), type: z.string().optional() });

/** express and its body parser throw errors that carry a `status` and a `type`. */
function fromHttpError(error: unknown): ApiError | undefined {
  const parsed = httpErrorSchema.safeParse(error);
  if (!parsed.success) return undefined;
  const { status, type } = parsed.data;
  if (status === 413) return new ApiError(413, 'too_large', '内容太长，请缩短后再发');
  if (status === 415) return new ApiError(415, 'unsupported_media_type', '不支持这种编码，请使用 UTF-8');
  if (type === 'entity.parse.failed') return new ApiError(400, 'bad_json', '请求内容不是正确的 JSON');
  return new ApiError(status, 'bad_request', '请求格式不正确');
}
