/**
 * Answers of an endpoint, kept: a listener on this machine passes requests on and remembers what came back, so that a run can be repeated
 * without asking again. The key is the whole request and its repeat number: the second time a run asks the same, it gets another answer than
 * the first time, and a repeated run gets both again. Failed calls are not kept.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type OpenAI from 'openai';
import { z } from 'zod';
import { costOf, type Prices, type Tokens, tokensOf } from './accounting.ts';

export interface ModelCacheOptions {
  /** Base URL of the endpoint. */
  readonly upstream: string;
  /** Where answers are kept; made when the first one comes. */
  readonly folder: string;
  readonly prices?: Prices | undefined;
  /** The network; for tests. */
  readonly send?: typeof fetch;
}

/** What was asked since the listener was opened. Tokens and money are counted for kept answers too: it is what the run would cost. */
export interface CacheTotals {
  readonly calls: number;
  /** Calls that were answered from the folder. */
  readonly kept: number;
  readonly failed: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** In the currency of the prices; undefined without prices. */
  readonly cost: number | undefined;
}

export interface ModelCache {
  /** To be used in place of the endpoint's own. */
  readonly baseUrl: string;
  totals(): CacheTotals;
  close(): Promise<void>;
}

const answerSchema = z.object({ type: z.string(), body: z.string() });
type Answer = z.infer<typeof answerSchema>;

/** Starts the listener on a free port of 127.0.0.1. */
export async function openModelCache(options: ModelCacheOptions): Promise<ModelCache> {
  const { folder, prices, send = fetch } = options;
  const upstream = options.upstream.replace(/\/+$/, '');
  const asked = new Map<string, number>();
  const totals = { calls: 0, kept: 0, failed: 0, inputTokens: 0, outputTokens: 0, cost: prices ? 0 : undefined };

  const count = (request: string, answer: Answer) => {
    const tokens = spent(request, answer);
    totals.inputTokens += tokens.inputTokens;
    totals.outputTokens += tokens.outputTokens;
    if (totals.cost !== undefined) totals.cost += costOf(tokens, prices) ?? 0;
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await textOf(request);
    const path = request.url ?? '';
    const digest = createHash('sha256')
      .update(JSON.stringify([upstream, path, body]))
      .digest('hex');
    const repeat = asked.get(digest) ?? 0;
    asked.set(digest, repeat + 1);
    totals.calls++;
    const file = join(folder, digest.slice(0, 2), `${digest.slice(2)}-${repeat}.json`);
    const known = await kept(file);
    if (known) {
      totals.kept++;
      count(body, known);
      response.writeHead(200, { 'content-type': known.type }).end(known.body);
      return;
    }
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const { authorization } = request.headers;
    const answered = await send(`${upstream}${path}`, {
      method: request.method ?? 'POST',
      headers: { 'content-type': 'application/json', ...(authorization ? { authorization } : {}) },
      ...(body === '' ? {} : { body }),
      signal: gone.signal,
    });
    const answer: Answer = { type: answered.headers.get('content-type') ?? 'application/json', body: await answered.text() };
    if (answered.ok) {
      count(body, answer);
      await keep(file, answer);
    } else totals.failed++;
    const wait = answered.headers.get('retry-after');
    response.writeHead(answered.status, { 'content-type': answer.type, ...(wait ? { 'retry-after': wait } : {}) }).end(answer.body);
  };

  const server = createServer((request, response) => {
    handle(request, response).catch(() => {
      totals.failed++;
      // The caller sees what it would see without us: a connection that breaks.
      response.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    totals: () => ({ ...totals }),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** A kept answer; one that was cut short by a crash counts as none. */
async function kept(file: string): Promise<Answer | undefined> {
  try {
    return answerSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}

async function keep(file: string, answer: Answer): Promise<void> {
  await mkdir(join(file, '..'), { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  await writeFile(unfinished, JSON.stringify(answer));
  await rename(unfinished, file);
}

const usageSchema = z.object({ usage: z.looseObject({ prompt_tokens: z.number(), completion_tokens: z.number() }) });

/** The endpoint's own counts: of a whole answer, or of the last piece of a streamed one that has them; else a guess. */
function spent(request: string, { type, body }: Answer): Tokens {
  const pieces = type.includes('event-stream') ? body.split('\n').flatMap((line) => /^data:\s*(\{.*)$/.exec(line)?.[1] ?? []) : [body];
  for (const piece of pieces.reverse()) {
    const parsed = usageSchema.safeParse(jsonOf(piece));
    if (parsed.success) return tokensOf(parsed.data.usage as unknown as OpenAI.CompletionUsage, '', '');
  }
  return tokensOf(undefined, request, body);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
