/** Keeps the desk fresh: server-sent events while they work, asking every few seconds while they don't. */

export interface LiveHandlers {
  /** Read everything again. */
  refresh(): void;
  appended(conversationId: string, seq: number): void;
  typing(conversationId: string): void;
  /** A colleague left a note. */
  noted(conversationId: string): void;
  /** This person has to be told something. */
  told(): void;
  /** Whether news is pushed right now. */
  connected(live: boolean): void;
}

const POLL_MS = 4000;
/** Also while live: another server process may have moved the queue. */
const CHECK_MS = 30_000;
const REOPEN_MS = [1000, 2000, 5000, 10_000];

/** Starts listening; returns how to stop. */
export function startLive(handlers: LiveHandlers): () => void {
  let source: EventSource | undefined;
  let live = false;
  let failures = 0;
  let reopen: ReturnType<typeof setTimeout> | undefined;
  let lastCheck = Date.now();

  const data = (event: MessageEvent): { conversationId: string; seq: number } => JSON.parse(String(event.data));
  const open = () => {
    source = new EventSource('/desk/api/events');
    source.onopen = () => {
      failures = 0;
      live = true;
      handlers.connected(true);
      handlers.refresh();
    };
    source.addEventListener('queue', () => handlers.refresh());
    source.addEventListener('appended', (event) => handlers.appended(data(event).conversationId, data(event).seq));
    source.addEventListener('typing', (event) => handlers.typing(data(event).conversationId));
    source.addEventListener('note', (event) => handlers.noted(data(event).conversationId));
    source.addEventListener('told', () => handlers.told());
    source.onerror = () => {
      live = false;
      handlers.connected(false);
      // a refused stream (not a broken one) is not retried by the browser
      if (source?.readyState !== EventSource.CLOSED) return;
      reopen = setTimeout(open, REOPEN_MS[Math.min(failures++, REOPEN_MS.length - 1)]);
    };
  };
  const poll = setInterval(() => {
    if (live && Date.now() - lastCheck < CHECK_MS) return;
    lastCheck = Date.now();
    handlers.refresh();
  }, POLL_MS);
  const wake = () => {
    if (!document.hidden) handlers.refresh();
  };
  document.addEventListener('visibilitychange', wake);
  window.addEventListener('online', wake);
  open();
  return () => {
    clearInterval(poll);
    clearTimeout(reopen);
    document.removeEventListener('visibilitychange', wake);
    window.removeEventListener('online', wake);
    source?.close();
  };
}
