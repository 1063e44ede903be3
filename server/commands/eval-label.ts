/** `wenban eval label <run>`: a page on this machine where a person says which facts stand in which answers. */
import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import express from 'express';
import { z } from 'zod';
import { DataError } from '../../eval/data.ts';
import { labelPage } from '../../eval/label/page.ts';
import { type LabelItem, labelQueue, progressOf } from '../../eval/label/queue.ts';
import { readLabels, type Verdict, verdicts, writeLabel } from '../../eval/label/store.ts';
import { readBaseline } from '../../eval/output.ts';
import type { Config } from '../config.ts';
import { badUsage } from './command.ts';
import { labelFile } from './eval.ts';

const bodySchema = z.strictObject({ key: z.string(), verdict: z.enum(verdicts).nullable() });

export interface LabelFlags {
  labels?: string;
  all?: boolean;
  port: string;
}

/** Serves the page until it is interrupted. Exit code 0, also when there is nothing to label; 2 when the run can't be read. */
export async function labelCommand(config: Config, folder: string, flags: LabelFlags): Promise<number> {
  const port = Number(flags.port);
  if (!(Number.isInteger(port) && port >= 0 && port < 65_536)) {
    console.error('--port takes a number from 0 to 65535');
    return badUsage;
  }
  try {
    const results = await readBaseline(join(folder, 'results.json'));
    const queue = labelQueue([...results.values()], { all: flags.all === true });
    const file = labelFile(config, flags.labels);
    const { done, total } = progressOf(queue, await readLabels(file));
    if (done === total) {
      console.log(`没有要标的 nothing to label (${total})${flags.all ? '' : '; --all'}`);
      return 0;
    }
    const { url, server } = await serveLabels({ queue, file, port, now: () => new Date() });
    console.log(`${url}\n${total - done} 条待标 to label; 标注存在 labels in ${file}\n按 Ctrl+C 结束 ends it`);
    await new Promise<void>((resolve) => {
      process.once('SIGINT', resolve);
      process.once('SIGTERM', resolve);
    });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    return 0;
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    console.error(error.message);
    return badUsage;
  }
}

interface LabelServer {
  readonly queue: readonly LabelItem[];
  readonly file: string;
  readonly port: number;
  readonly now: () => Date;
}

/** The page on 127.0.0.1 under an address nobody can guess; everything else is 404. */
export async function serveLabels({ queue, file, port, now }: LabelServer): Promise<{ url: string; server: Server }> {
  const labels = await readLabels(file);
  const items = new Map(queue.map((item) => [item.key, item]));
  const token = randomBytes(24).toString('base64url');
  const app = express();
  app.disable('x-powered-by');
  const page = express.Router({ mergeParams: true });
  page.get('/', (_request, response) => {
    const nonce = randomBytes(16).toString('base64');
    response
      .set({
        'content-security-policy': `default-src 'none'; connect-src 'self'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; frame-ancestors 'none'; base-uri 'none'`,
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
      })
      .type('html')
      .send(labelPage(nonce));
  });
  page.get('/queue', (_request, response) => {
    const known = [...labels].filter(([key]) => items.has(key));
    response.set('cache-control', 'no-store').json({ items: queue, labels: Object.fromEntries(known) });
  });
  // Lines must not overtake each other.
  let writing: Promise<void> = Promise.resolve();
  page.post('/labels', express.json({ limit: '10kb' }), (request, response, next) => {
    const parsed = bodySchema.safeParse(request.body);
    const item = parsed.success ? items.get(parsed.data.key) : undefined;
    if (!parsed.success || !item) {
      response.status(400).json({ error: 'not a label of this queue' });
      return;
    }
    const { key, verdict } = parsed.data;
    writing = writing.catch(() => undefined).then(() => writeLabel(file, { key, verdict, fact: item.fact, at: now().toISOString() }));
    writing.then(() => {
      keep(labels, key, verdict);
      response.status(204).end();
    }, next);
  });
  app.use(`/${token}`, page);
  const server = await new Promise<Server>((resolve, reject) => {
    const listening = app.listen(port, '127.0.0.1', (error) => (error ? reject(error) : resolve(listening)));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/${token}/`, server };
}

function keep(labels: Map<string, Verdict>, key: string, verdict: Verdict | null): void {
  if (verdict === null) labels.delete(key);
  else labels.set(key, verdict);
}
