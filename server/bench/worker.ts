/** `wenban bench worker`: what the other processes of a measurement run. Started by `startWorker`, of no use by hand. */
import { createServer } from 'node:http';
import express from 'express';
import { pino } from 'pino';
import { WebSocketServer } from 'ws';
import { z } from 'zod';
import { serve } from '../serve.ts';
import type { WorkerKind } from './child.ts';
import { idleClients } from './idle-clients.ts';
import { closed, listening } from './listen.ts';
import { modelServer } from './model-server.ts';
import { benchConfig } from './throw-away.ts';

const serverSettings = z.object({ dataDir: z.string(), environment: z.record(z.string(), z.string()).default({}) });
const modelSettings = z.object({ firstMs: z.number(), tokenMs: z.number() });
const clientSettings = z.object({ url: z.string(), count: z.number(), bare: z.boolean() });

/** No bound may end a measurement: all clients share one address, and a flood is what is wanted. */
const unlimited = {
  startsPerIp: 1e9,
  postsPerConversation: 1e9,
  postsPerIp: 1e9,
  readsPerConversation: 1e9,
  uploadsPerConversation: 1e9,
};

interface Begun {
  readonly url: string;
  /** Counted since the last question, in words. */
  readonly note?: () => string;
  close(): Promise<void>;
}

/** Runs until SIGTERM. Exit code 2 where it was not started by a measurement. */
export async function benchWorkerCommand(kind: string, json: string): Promise<number | undefined> {
  const send = process.send?.bind(process);
  if (!send || !isKind(kind)) {
    console.error('wenban bench worker is started by wenban bench, not by hand');
    return 2;
  }
  try {
    const begun = await begin(kind, JSON.parse(json));
    process.on('message', (message) => {
      if (message !== 'health') return;
      (globalThis as { gc?: () => void }).gc?.();
      const { user, system } = process.cpuUsage();
      send({ health: { rss: process.memoryUsage().rss, cpu: user + system, note: begun.note?.() } });
    });
    process.once('SIGTERM', () => void begun.close().finally(() => process.exit(0)));
    // Whoever measured was killed: nobody is left to stop this process.
    process.once('disconnect', () => process.exit(1));
    send({ ready: { url: begun.url } });
    return undefined;
  } catch (error) {
    send({ failed: `the ${kind} of the measurement: ${error instanceof Error ? error.message : String(error)}` });
    return 1;
  }
}

const kinds: Readonly<Record<WorkerKind, (settings: unknown) => Promise<Begun>>> = {
  server: async (settings) => {
    const { dataDir, environment } = serverSettings.parse(settings);
    const config = { ...benchConfig(dataDir, environment), port: 0, host: '127.0.0.1' };
    const running = await serve(config, pino({ level: 'silent' }), { limits: unlimited });
    return { url: running.url, close: () => running.close() };
  },
  echo: async () => echoServer(),
  model: async (settings) => modelServer(modelSettings.parse(settings)),
  clients: async (settings) => idleClients(clientSettings.parse(settings)),
};

const isKind = (kind: string): kind is WorkerKind => kind in kinds;
const begin = (kind: WorkerKind, settings: unknown): Promise<Begun> => kinds[kind](settings);

/** What nothing can be faster than: express that gives back the JSON it got, ws that gives back the message. */
async function echoServer(): Promise<Begun> {
  const app = express();
  app.use(express.json());
  app.post('/', (request, response) => void response.json(request.body));
  const server = createServer(app);
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(data)));
  return { url: await listening(server), close: () => closed(server) };
}
