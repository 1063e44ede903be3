/** What a client gets to talk with: token, its lifetime, the stream address and the resume token. */
import type { IncomingMessage } from 'node:http';
import { type Context, DIRECT_LINE_PATH } from './options.ts';
import { RESUME_SECONDS, TALK_SECONDS, writeToken } from './token.ts';

export interface Grant {
  conversationId: string;
  token: string;
  /** Seconds. */
  expires_in: number;
  /** Good for 30 days at POST tokens/resume, see token.ts. */
  resumeToken: string;
}

interface Holder {
  readonly conversationId: string;
  readonly userId: string;
  /** Origin both tokens are bound to; undefined binds to none. */
  readonly origin: string | undefined;
}

/** Fresh tokens for one user in one conversation. */
export function grantTo(context: Context, holder: Holder): Grant {
  const base = { conv: holder.conversationId, user: holder.userId, ...(holder.origin === undefined ? {} : { origin: holder.origin }) };
  const seconds = Math.floor(context.now() / 1000);
  return {
    conversationId: holder.conversationId,
    token: writeToken(context.signingKey, { use: 'talk', ...base, exp: seconds + TALK_SECONDS }),
    expires_in: TALK_SECONDS,
    resumeToken: writeToken(context.signingKey, { use: 'resume', ...base, exp: seconds + RESUME_SECONDS }),
  };
}

/** A grant with the WebSocket address that continues after `watermark`. */
export function withStream(context: Context, request: IncomingMessage, grant: Grant, watermark: number): Grant & { streamUrl: string } {
  const base = context.publicUrl(request).replace(/^http/, 'ws');
  const query = new URLSearchParams({ watermark: watermark === 0 ? '-' : String(watermark), t: grant.token });
  return { ...grant, streamUrl: `${base}${DIRECT_LINE_PATH}/conversations/${grant.conversationId}/stream?${query}` };
}
