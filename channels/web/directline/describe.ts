/** The Direct Line routes as data, for the OpenAPI document. Source: Microsoft's "Direct Line API 3.0" reference; resume and uploads are ours. */
import { z } from 'zod';
import { incomingActivitySchema } from '../../../bot/activity.ts';
import { startSchema } from './routes/tokens.ts';

const grantSchema = z.object({
  conversationId: z.string(),
  token: z.string(),
  expires_in: z.int().meta({ description: 'Seconds' }),
  streamUrl: z.string().optional(),
  resumeToken: z.string().optional(),
});
const params = z.object({ conversationId: z.string() });
const watermark = z.object({ watermark: z.string().optional() });
const idSchema = z.object({ id: z.string() });
/** The sender is the token's; `id` is the client's own and makes a retry harmless. */
const postedSchema = incomingActivitySchema.omit({ from: true });
/** Of every route that wants a token. */
const refused = {
  401: ['MissingToken'],
  403: ['BadToken', 'TokenExpired', 'OriginMismatch', 'OtherConversation'],
  429: ['TooManyRequests'],
};
const unknown = { ...refused, 404: ['NotFound'] };

export const directLineRoutes = [
  {
    method: 'post',
    path: '/tokens/generate',
    summary: 'A token for a new conversation; without a secret anybody from an allowed origin gets one',
    body: startSchema.optional(),
    response: grantSchema,
    roles: 'public',
    errors: { 401: ['MissingSecret'], 403: ['BadSecret', 'OriginNotAllowed'], 429: ['TooManyRequests'] },
  },
  { method: 'post', path: '/tokens/refresh', summary: 'A new token for one that has not expired', response: grantSchema, errors: refused },
  {
    method: 'post',
    path: '/tokens/resume',
    summary: 'New tokens for a resume token of the last 30 days',
    body: z.object({ resumeToken: z.string().optional(), watermark: z.string().optional() }).optional(),
    response: grantSchema,
    errors: unknown,
  },
  {
    method: 'post',
    path: '/conversations',
    summary: 'Start the conversation of the token: 201 the first time, 200 after',
    body: startSchema.optional(),
    response: grantSchema,
    success: 201,
    successAgain: 200,
    errors: refused,
  },
  {
    method: 'get',
    path: '/conversations/{conversationId}',
    summary: 'Reconnect: a new token and stream address',
    params,
    query: watermark,
    response: grantSchema,
    errors: unknown,
  },
  {
    method: 'get',
    path: '/conversations/{conversationId}/stream',
    summary: 'WebSocket: activity sets as they come (query: watermark, t)',
    params,
    produces: 'application/json',
    success: 101,
    errors: { 426: ['UpgradeRequired'] },
  },
  {
    method: 'get',
    path: '/conversations/{conversationId}/activities',
    summary: 'What was said after the watermark',
    params,
    query: watermark,
    response: z.object({ activities: z.array(z.looseObject({ type: z.string(), id: z.string() })), watermark: z.string() }),
    errors: unknown,
  },
  {
    method: 'post',
    path: '/conversations/{conversationId}/activities',
    summary: 'Say something; the same client id says it once',
    params,
    body: postedSchema,
    response: idSchema,
    errors: { ...unknown, 410: ['ConversationEnded'], 413: ['MessageSizeTooBig'] },
  },
  {
    method: 'post',
    path: '/conversations/{conversationId}/upload',
    summary: 'Files, with an optional activity part, as one message',
    params,
    query: z.object({ userId: z.string().optional() }),
    consumes: 'multipart/form-data',
    body: z.object({ activity: z.string().optional(), file: z.string() }),
    response: idSchema,
    errors: { ...unknown, 413: ['MessageSizeTooBig'], 415: ['UnsupportedMediaType'] },
  },
  {
    method: 'get',
    path: '/uploads/{uploadId}',
    summary: 'A file, by the signed address of an activity or with a token',
    params: z.object({ uploadId: z.string() }),
    produces: 'application/octet-stream',
    roles: 'public',
    errors: unknown,
  },
] as const;
