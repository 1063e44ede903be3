/** Live news for an agent's browser as server-sent events: the queue moved, a conversation grew, a citizen is typing. */
import type { RequestHandler, Response } from 'express';
import { openConversations } from '../../bot/handoff/queue.ts';
import { ApiError } from './errors.ts';
import { staffOf } from './guards.ts';
import { supervisors } from './roles.ts';
import type { DeskApiOptions } from './router.ts';
import { cookieToken, signedIn } from './sessions.ts';

const HEARTBEAT_MS = 20_000;
/** With 20 people at their desks the queue is read anew at most every 0.4 s. */
const REST_PER_STREAM_MS = 20;
/** More open pages of one person than this are a fault of some client. */
const MAX_STREAMS = 12;

interface Stream {
  readonly agent: string;
  /** Supervisors hear of every open conversation. */
  readonly hearsAll: boolean;
  readonly response: Response;
  /** Stops hearing the citizen's typing, by conversation. */
  readonly following: Map<string, () => void>;
}

/**
 * `GET /desk/api/events`. Event names: `queue` (read queue and mine again), `appended` {conversationId, seq}, `typing` and `note`
 * {conversationId}, `told` (read notices again). `appended` comes for waiting conversations and one's own, to supervisors for all. A comment every 20 s keeps proxies open and notices a session that ended.
 */
export function eventStream(options: DeskApiOptions): RequestHandler {
  const streams = new Set<Stream>();
  let open = new Map<string, readonly string[]>();

  const refresh = async (): Promise<void> => {
    open = await openConversations(options.database.db);
    for (const stream of streams) follow(stream);
  };
  const refreshQuietly = (): Promise<void> => refresh().catch(options.onError ?? (() => undefined));

  /** At once, and after a rest once more if it moved meanwhile: everybody reads their lists then. */
  let resting = false;
  let movedAgain = false;
  const tellOfQueue = (): void => {
    movedAgain = resting;
    if (resting) return;
    resting = true;
    for (const stream of streams) send(stream.response, 'queue', {});
    setTimeout(() => {
      resting = false;
      if (movedAgain) tellOfQueue();
    }, streams.size * REST_PER_STREAM_MS).unref();
  };

  const concerns = ({ agent, hearsAll }: Stream, conversationId: string): boolean => {
    const holders = open.get(conversationId);
    return holders !== undefined && (hearsAll || holders.length === 0 || holders.includes(agent));
  };

  /** Hears typing of exactly the conversations this agent holds now. */
  const follow = (stream: Stream): void => {
    for (const [id, stop] of stream.following) {
      if (open.get(id)?.includes(stream.agent)) continue;
      stop();
      stream.following.delete(id);
    }
    for (const [id, agents] of open) {
      if (!agents.includes(stream.agent) || stream.following.has(id)) continue;
      const stop = options.log.follow(id, (event) => {
        if (event.kind !== 'transient' || event.activity.type !== 'typing' || event.activity.from.role === 'bot') return;
        send(stream.response, 'typing', { conversationId: id });
      });
      stream.following.set(id, stop);
    }
  };

  options.desk.onChange(() => {
    if (streams.size === 0) return;
    void refreshQuietly().then(tellOfQueue);
  });
  options.log.followAll((conversationId, event) => {
    if (event.kind !== 'appended') return;
    for (const stream of streams)
      if (concerns(stream, conversationId)) send(stream.response, 'appended', { conversationId, seq: event.seq });
  });
  options.desk.onNews((news) => {
    for (const stream of streams) {
      if (news.kind === 'note' && concerns(stream, news.conversationId))
        send(stream.response, 'note', { conversationId: news.conversationId });
      if (news.kind === 'told' && news.staff === stream.agent) send(stream.response, 'told', {});
    }
  });
  options.signal?.addEventListener('abort', () => {
    for (const stream of streams) stream.response.end();
  });

  return async (request, response) => {
    const { name: agent, role } = staffOf(request);
    if ([...streams].filter((stream) => stream.agent === agent).length >= MAX_STREAMS) {
      throw new ApiError(429, 'too_many_streams', '打开的页面太多，请关闭一些');
    }
    if (options.signal?.aborted) throw new ApiError(503, 'closing', '服务正在重启，请稍候');
    const stream: Stream = { agent, hearsAll: supervisors.includes(role), response, following: new Map() };
    streams.add(stream);
    const heartbeat = setInterval(() => void beat(), options.heartbeatMs ?? HEARTBEAT_MS);
    const beat = async (): Promise<void> => {
      const still = await signedIn(options.database.db, cookieToken(request.headers.cookie), options.now()).catch(() => undefined);
      if (still === undefined) response.end();
      else response.write(': still here\n\n');
      // another process may have moved the queue
      await refreshQuietly();
    };
    response.on('close', () => {
      clearInterval(heartbeat);
      streams.delete(stream);
      for (const stop of stream.following.values()) stop();
    });
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    });
    response.write('retry: 2000\n\n');
    await refreshQuietly();
    send(response, 'queue', {});
  };
}

function send(response: Response, name: 'queue' | 'appended' | 'typing' | 'note' | 'told', data: object): void {
  response.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
}
