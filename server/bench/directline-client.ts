/** A citizen at the web widget, as a measurement plays it: Direct Line over HTTP, answers over the WebSocket. */
import { Agent, request } from 'node:http';
import { WebSocket } from 'ws';
import { z } from 'zod';

const grantSchema = z.object({ conversationId: z.string(), token: z.string(), streamUrl: z.string().optional() });
const activitySchema = z.object({
  type: z.string(),
  id: z.string().optional(),
  replyToId: z.string().optional(),
  text: z.string().optional(),
  from: z.object({ role: z.string().optional() }).optional(),
  channelData: z.object({ streamType: z.string().optional(), streamId: z.string().optional() }).loose().optional(),
});
const packetSchema = z.object({ activities: z.array(activitySchema) });
type Heard = z.infer<typeof activitySchema>;

/** Connections are kept: a browser does the same. */
const agent = new Agent({ keepAlive: true, maxSockets: 2000 });

/** Sends JSON and reads JSON. Errors: a status other than 2xx, with what the server said. */
export function postJson(url: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { method: 'POST', agent, headers: { 'content-type': 'application/json', 'content-length': bytes.length, ...headers } },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => void parts.push(part));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(parts).toString();
          const status = response.statusCode ?? 0;
          if (status < 200 || status > 299) return reject(new Error(`${url} answered ${status}: ${text.slice(0, 200)}`));
          resolve(response.headers['content-type']?.includes('json') ? JSON.parse(text) : text);
        });
      },
    );
    sent.on('error', (error: NodeJS.ErrnoException) => {
      // The server hung up on a kept connection at the moment it was used again: it has read nothing of this.
      if (sent.reusedSocket && error.code === 'ECONNRESET') postJson(url, body, headers).then(resolve, reject);
      else reject(error);
    });
    sent.end(bytes);
  });
}

export interface Turn {
  /** Milliseconds from sending the message to … */
  readonly acknowledged: number;
  /** … the first live word that something happens, … */
  readonly firstSign: number | undefined;
  /** … the first words of the answer (of its stream, where it is streamed), … */
  readonly firstWords: number;
  /** … and the whole answer. */
  readonly whole: number;
  readonly streamed: boolean;
}

export interface Citizen {
  /** Asks, and waits for the whole answer. */
  ask(text: string): Promise<Turn>;
  close(): void;
}

/** Longest a turn may take before the measurement is given up. */
const patienceMs = 60_000;

/** Opens a conversation and its stream, and waits for the greeting. */
export async function arrive(base: string): Promise<Citizen> {
  const root = `${base}/v3/directline`;
  const { token } = grantSchema.parse(await postJson(`${root}/tokens/generate`, {}));
  const { conversationId, streamUrl } = grantSchema.parse(
    await postJson(`${root}/conversations`, {}, { authorization: `Bearer ${token}` }),
  );
  const socket = new WebSocket(streamUrl ?? '', { perMessageDeflate: false });
  let hear: (activity: Heard) => void = () => undefined;
  socket.on('message', (data) => {
    const text = String(data);
    if (text !== '') for (const activity of packetSchema.parse(JSON.parse(text)).activities) hear(activity);
  });
  const failed = new Promise<never>((_, reject) =>
    socket.on('error', reject).on('close', () => reject(new Error('the stream was closed'))),
  );
  failed.catch(() => undefined);
  const greeted = new Promise<void>((resolve) => {
    hear = (activity) => activity.type === 'message' && resolve();
  });
  await Promise.race([greeted, failed]);
  return {
    ask: (text) => {
      const start = performance.now();
      const since = () => performance.now() - start;
      let firstSign: number | undefined;
      let firstWords: number | undefined;
      let timer: NodeJS.Timeout | undefined;
      let streamed = false;
      const answered = new Promise<{ whole: number }>((resolve, reject) => {
        timer = setTimeout(() => reject(new Error(`no answer to ${text}`)), patienceMs);
        hear = (activity) => {
          if (activity.from?.role === 'user') return;
          firstSign ??= since();
          if (activity.channelData?.streamType === 'streaming') {
            streamed = true;
            firstWords ??= since();
          }
          if (activity.type === 'message' && activity.replyToId !== undefined) resolve({ whole: since() });
        };
      });
      const body = { type: 'message', from: { id: 'bench' }, text };
      const sent = postJson(`${root}/conversations/${conversationId}/activities`, body, { authorization: `Bearer ${token}` }).then(since);
      return Promise.race([Promise.all([sent, answered]), failed])
        .then(([acknowledged, { whole }]) => ({ acknowledged, firstSign, firstWords: firstWords ?? whole, whole, streamed }))
        .finally(() => clearTimeout(timer));
    },
    close: () => socket.terminate(),
  };
}
