/** One WebSocket of a Direct Line stream, from opening to its end. */
import type { ActivitySet } from './api.ts';

/** The part of WebSocket the widget uses; tests pass their own. */
export type SocketLike = Pick<WebSocket, 'onopen' | 'onmessage' | 'onclose' | 'onerror' | 'close'>;
export type SocketFactory = (url: string) => SocketLike;

export interface Stream {
  /** Resolves when the socket is gone: whether it had opened at all, and for how long it lived. */
  readonly ended: Promise<{ opened: boolean }>;
  close(): void;
}

/** The server sends an empty message every 30 s; a socket silent for longer than two of them is dead. */
const SILENCE = 75_000;
const OPENING = 10_000;

/** Opens `url` and hands every activity set on. Never throws: a socket that cannot be made has ended. */
export function openStream(url: string, create: SocketFactory, onSet: (set: ActivitySet) => void): Stream {
  let finish: (result: { opened: boolean }) => void = () => undefined;
  const ended = new Promise<{ opened: boolean }>((resolve) => {
    finish = resolve;
  });
  let socket: SocketLike | undefined;
  let opened = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = (): void => {
    clearTimeout(timer);
    if (!socket) return;
    const dying = socket;
    socket = undefined;
    dying.onopen = dying.onmessage = dying.onclose = dying.onerror = null;
    try {
      dying.close();
    } catch {
      // Already closed.
    }
    finish({ opened });
  };
  const watch = (limit: number): void => {
    clearTimeout(timer);
    timer = setTimeout(end, limit);
  };
  try {
    socket = create(url);
  } catch {
    finish({ opened: false });
    return { ended, close: () => undefined };
  }
  watch(OPENING);
  socket.onopen = () => {
    opened = true;
    watch(SILENCE);
  };
  socket.onmessage = ({ data }) => {
    watch(SILENCE);
    const set = parseSet(data);
    if (set) onSet(set);
  };
  socket.onclose = end;
  socket.onerror = end;
  return { ended, close: end };
}

function parseSet(data: unknown): ActivitySet | undefined {
  if (typeof data !== 'string' || data === '') return undefined;
  try {
    const set = JSON.parse(data) as ActivitySet;
    return Array.isArray(set.activities) ? set : undefined;
  } catch {
    return undefined;
  }
}
