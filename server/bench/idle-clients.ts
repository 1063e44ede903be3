/** Many WebSocket connections that say nothing, held by a process of their own. */
import { WebSocket } from 'ws';
import { arrive, postJson } from './directline-client.ts';

export interface IdleOptions {
  readonly url: string;
  readonly count: number;
  /** Plain WebSockets without a conversation: what nothing can be smaller than. */
  readonly bare: boolean;
}

/** So many are opened at the same time. */
const together = 50;

/** Opens them all; what the worker is asked for is how many are open. */
export async function idleClients({ url, count, bare }: IdleOptions): Promise<{ url: string; note: () => string; close(): Promise<void> }> {
  const closers: (() => void)[] = [];
  let begun = 0;
  let refused = 0;
  const one = async () => {
    while (begun < count && refused === 0) {
      begun++;
      await (bare ? bareSocket(url) : arrive(url)).then(
        (opened) => void closers.push(() => opened.close()),
        () => void refused++,
      );
    }
  };
  await Promise.all(Array.from({ length: together }, one));
  return {
    url: '',
    note: () => String(closers.length),
    close: async () => {
      for (const close of closers) close();
    },
  };
}

/** Says one word and hears it back, so that both sides have made what they need. */
async function bareSocket(url: string): Promise<{ close(): void }> {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), { perMessageDeflate: false });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject).once('message', () => resolve());
    socket.once('open', () => socket.send('hello'));
  });
  // A conversation is opened by two requests; here they only warm the same parts of the server.
  await postJson(url, { type: 'message', text: 'hello' });
  return { close: () => socket.terminate() };
}
