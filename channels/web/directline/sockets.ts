/** WebSocket side of Direct Line: GET conversations/:id/stream?t=<token>&watermark=. */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { readClaims, requireOwn } from './auth.ts';
import { requireConversation } from './conversation.ts';
import { DirectLineError } from './errors.ts';
import { type Context, DIRECT_LINE_PATH } from './options.ts';
import { originAllowed } from './origin.ts';
import { presentLogged, presentTransient } from './present.ts';
import { startPump } from './pump.ts';
import { parseWatermark } from './watermark.ts';

const STREAM = new RegExp(`^${DIRECT_LINE_PATH}/conversations/([^/]+)/stream$`);
const CLOSE_GRACE_MS = 1000;

export interface Sockets {
  /** Takes the stream upgrades of a server; upgrades of other paths are left to other listeners. */
  attach(server: Server): void;
  /** Closes every socket with 1001 (going away) and takes no new ones. */
  close(): Promise<void>;
}

export function createSockets(context: Context): Sockets {
  const acceptor = new WebSocketServer({ noServer: true, clientTracking: false, perMessageDeflate: false, maxPayload: 4096 });
  const open = new Map<string, Set<WebSocket>>();
  const detach: (() => void)[] = [];
  let closed = false;

  /** Checks everything before the handshake, so that a refusal is plain HTTP. Throws DirectLineError. */
  async function admit(request: IncomingMessage, url: URL, conversationId: string): Promise<{ conversationId: string; after: number }> {
    if (!originAllowed(context, request)) throw new DirectLineError(403, 'OriginNotAllowed', 'origin is not allowed');
    const claims = readClaims(context, request, url.searchParams.get('t') ?? undefined, 'talk');
    requireOwn(claims, conversationId);
    const after = parseWatermark(url.searchParams.get('watermark') ?? undefined);
    await requireConversation(context, conversationId);
    if ((open.get(conversationId)?.size ?? 0) >= context.limits.socketsPerConversation) {
      throw new DirectLineError(429, 'TooManyConnections', 'this conversation has too many open connections');
    }
    // Last, because close() may have come while we looked.
    if (closed) throw new DirectLineError(503, 'ShuttingDown', 'the server is shutting down');
    return { conversationId, after };
  }

  function run(socket: WebSocket, stream: Duplex, base: string, conversationId: string, after: number): void {
    const siblings = open.get(conversationId) ?? new Set();
    open.set(conversationId, siblings.add(socket));
    let corked = false;
    /** What is sent in one go leaves in one write: each costs more than all else about a message. */
    const together = (): void => {
      if (corked) return;
      corked = true;
      stream.cork();
      process.nextTick(() => {
        corked = false;
        stream.uncork();
      });
    };
    const pump = startPump({
      log: context.core.log,
      conversationId,
      after,
      maxBuffered: context.limits.socketBufferBytes,
      presentLogged: (activities) => presentLogged(context, base, activities),
      presentTransient: (activity) => presentTransient(context, base, conversationId, activity),
      sink: {
        send: (text) => {
          together();
          return new Promise((resolve) => socket.send(text, () => resolve()));
        },
        buffered: () => socket.bufferedAmount,
        cut: (reason, error) => {
          context.log.warn({ conversationId, reason, err: error }, 'direct line socket cut');
          socket.terminate();
        },
      },
    });
    let answered = true;
    const heartbeat = setInterval(() => {
      if (!answered) return socket.terminate();
      answered = false;
      socket.ping();
      // Browsers' scripts don't see pings; an empty message tells them too that the line is alive.
      socket.send('');
      if (context.others !== false) pump.check();
    }, context.limits.pingMs);
    socket.on('pong', () => {
      answered = true;
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      clearInterval(heartbeat);
      pump.stop();
      siblings.delete(socket);
      if (siblings.size === 0 && open.get(conversationId) === siblings) open.delete(conversationId);
    });
  }

  async function upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): Promise<void> {
    const url = URL.canParse(request.url ?? '', 'http://x') ? new URL(request.url ?? '', 'http://x') : undefined;
    const match = url && STREAM.exec(url.pathname);
    if (!url || !match?.[1]) return;
    const ignore = () => stream.destroy();
    stream.on('error', ignore);
    try {
      const { conversationId, after } = await admit(request, url, match[1]);
      const base = context.publicUrl(request);
      stream.off('error', ignore);
      acceptor.handleUpgrade(request, stream, head, (socket) => run(socket, stream, base, conversationId, after));
    } catch (error) {
      refuse(context, stream, error);
    }
  }

  return {
    attach(server) {
      const listener = (request: IncomingMessage, stream: Duplex, head: Buffer) => void upgrade(request, stream, head);
      server.on('upgrade', listener);
      detach.push(() => server.off('upgrade', listener));
    },
    async close() {
      closed = true;
      for (const off of detach.splice(0)) off();
      await Promise.all([...open.values()].flatMap((sockets) => [...sockets]).map(goAway));
    },
  };
}

/** Answers a refused handshake in plain HTTP and hangs up. */
function refuse(context: Context, stream: Duplex, error: unknown): void {
  const known = error instanceof DirectLineError ? error : new DirectLineError(500, 'InternalError', 'something went wrong on our side');
  if (known !== error) context.log.error({ err: error }, 'direct line upgrade failed');
  const body = JSON.stringify(known.body);
  stream.once('finish', () => stream.destroy());
  stream.end(
    `HTTP/1.1 ${known.status} Refused\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

function goAway(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.readyState === WebSocket.CLOSED) return resolve();
    const timer = setTimeout(() => socket.terminate(), CLOSE_GRACE_MS);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.close(1001, 'server is going away');
  });
}
