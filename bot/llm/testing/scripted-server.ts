/** An OpenAI-compatible server for tests: chat completions (whole, streamed, as schema, tool or plain JSON), embeddings, rerank. It records every request. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RecordedRequest {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly json: Record<string, unknown>;
}

/** What the server does with one chat request. `content` is what the model writes; objects are written as JSON. */
export type Script =
  | { kind: 'say'; content: unknown; pieces?: number; usage?: boolean; finish?: string }
  | { kind: 'slow'; content: unknown; ms: number }
  /** Stops in the middle with finish_reason length. */
  | { kind: 'truncated'; content: unknown; after: number }
  | { kind: 'malformed'; text: string }
  | { kind: 'refusal'; text: string }
  | { kind: 'status'; status: number; message?: string; retryAfter?: number }
  /** Cuts the connection after so many characters. */
  | { kind: 'dropped'; content: unknown; after: number }
  /** 200 with this body of this type: a login page, a proxy's notice, a reply without choices. */
  | { kind: 'foreign'; contentType: string; body: string }
  | { kind: 'hang' };

export interface ScriptedServer {
  readonly baseUrl: string;
  readonly requests: readonly RecordedRequest[];
  /** Scripts for the next chat requests; the last one stays for all that follow. */
  script(...scripts: Script[]): void;
  /** Formats the endpoint refuses with 400, as older engines do. */
  refuseFormats(...formats: ('json_schema' | 'tool' | 'json_object')[]): void;
  refuseParameters(...names: string[]): void;
  /** Order the reranker gives, by document text; default: shortest first. */
  rank(order: (documents: readonly string[]) => readonly { index: number; relevance_score: number }[]): void;
  close(): Promise<void>;
}

export async function scriptedServer(): Promise<ScriptedServer> {
  const requests: RecordedRequest[] = [];
  let scripts: Script[] = [{ kind: 'status', status: 500 }];
  let refusedFormats: readonly string[] = [];
  let refusedParameters: readonly string[] = [];
  let ranking: (documents: readonly string[]) => readonly { index: number; relevance_score: number }[] = (documents) =>
    documents
      .map((document, index) => ({ index, relevance_score: 1 / document.length }))
      .sort((a, b) => b.relevance_score - a.relevance_score);

  const server = createServer((request, response) => {
    void read(request).then((body) => {
      const json = (body === '' ? {} : JSON.parse(body)) as Record<string, unknown>;
      const path = request.url ?? '';
      requests.push({ path, headers: request.headers, body, json });
      const script = scripts.length > 1 ? (scripts.shift() as Script) : (scripts[0] as Script);
      if (script.kind === 'hang') return;
      if (script.kind === 'status') fail(response, script.status, script.message ?? 'scripted', script.retryAfter);
      else if (script.kind === 'foreign') response.writeHead(200, { 'content-type': script.contentType }).end(script.body);
      else if (path.endsWith('/chat/completions')) chat(response, json, script);
      else if (path.endsWith('/embeddings')) embeddings(response, json);
      else if (path.endsWith('/rerank'))
        send(response, 200, script.kind === 'malformed' ? script.text : JSON.stringify({ results: ranking(json.documents as string[]) }));
      else fail(response, 404, 'no such path');
    });
  });

  function chat(
    response: ServerResponse,
    json: Record<string, unknown>,
    script: Exclude<Script, { kind: 'hang' | 'status' | 'foreign' }>,
  ): void {
    const format = json.tools ? 'tool' : ((json.response_format as { type?: string } | undefined)?.type ?? 'text');
    const parameter = refusedParameters.find((name) => name in json);
    if (parameter) {
      fail(response, 400, `Unsupported parameter: '${parameter}' is not supported with this model.`);
      return;
    }
    if (refusedFormats.includes(format)) {
      fail(response, 400, 'this engine does not know that response format');
      return;
    }
    if (script.kind === 'slow') {
      setTimeout(() => answer(response, json, format, { kind: 'say', content: script.content }), script.ms).unref();
      return;
    }
    answer(response, json, format, script);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    requests,
    script: (...next) => {
      scripts = next;
    },
    refuseFormats: (...formats) => {
      refusedFormats = formats;
    },
    refuseParameters: (...names) => {
      refusedParameters = names;
    },
    rank: (order) => {
      ranking = order;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
}

function fail(response: ServerResponse, status: number, message: string, retryAfter?: number): void {
  if (retryAfter !== undefined) response.setHeader('retry-after', String(retryAfter));
  send(response, status, JSON.stringify({ error: { message, type: 'scripted', code: null } }));
}

const usage = { prompt_tokens: 1000, completion_tokens: 50, total_tokens: 1050, prompt_tokens_details: { cached_tokens: 600 } };

function answer(
  response: ServerResponse,
  json: Record<string, unknown>,
  format: string,
  script: Exclude<Script, { kind: 'hang' | 'status' | 'foreign' | 'slow' }>,
): void {
  const written =
    'content' in script ? (typeof script.content === 'string' ? script.content : JSON.stringify(script.content)) : script.text;
  const cut = script.kind === 'truncated' || script.kind === 'dropped' ? written.slice(0, script.after) : written;
  const finish =
    script.kind === 'truncated'
      ? 'length'
      : script.kind === 'say' && script.finish
        ? script.finish
        : format === 'tool'
          ? 'tool_calls'
          : 'stop';
  const counted = script.kind === 'say' && script.usage === false ? {} : { usage };
  const name = format === 'tool' ? ((json.tools as { function: { name: string } }[])[0]?.function.name ?? '') : '';
  const head = { id: 'scripted', created: 0, model: String(json.model) };
  if (json.stream !== true) {
    const message =
      script.kind === 'refusal'
        ? { role: 'assistant', content: null, refusal: script.text }
        : format === 'tool'
          ? { role: 'assistant', content: null, tool_calls: [{ id: 'call', type: 'function', function: { name, arguments: cut } }] }
          : { role: 'assistant', content: cut };
    const body = JSON.stringify({
      ...head,
      object: 'chat.completion',
      choices: [{ index: 0, message, finish_reason: finish }],
      ...counted,
    });
    if (script.kind !== 'dropped') {
      send(response, 200, body);
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) });
    response.write(body.slice(0, 40), () => response.destroy());
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const event = (delta: object, finished: string | null = null) =>
    response.write(
      `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finished }] })}\n\n`,
    );
  const size = Math.max(1, Math.ceil(cut.length / ((script.kind === 'say' ? script.pieces : undefined) ?? 12)));
  if (script.kind === 'refusal') event({ refusal: script.text });
  else {
    for (let i = 0; i < cut.length; i += size) {
      const piece = cut.slice(i, i + size);
      event(
        format === 'tool'
          ? {
              tool_calls: [
                {
                  index: 0,
                  ...(i === 0 ? { id: 'call', type: 'function' } : {}),
                  function: { ...(i === 0 ? { name } : {}), arguments: piece },
                },
              ],
            }
          : { content: piece },
      );
    }
  }
  if (script.kind === 'dropped') {
    // Let what was written arrive first.
    setTimeout(() => response.destroy(), 30);
    return;
  }
  event({}, finish);
  if ((json.stream_options as { include_usage?: boolean } | undefined)?.include_usage && 'usage' in counted)
    response.write(`data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices: [], usage })}\n\n`);
  response.end('data: [DONE]\n\n');
}

/** Unit vectors that depend on the text only. */
function embeddings(response: ServerResponse, json: Record<string, unknown>): void {
  const inputs = Array.isArray(json.input) ? (json.input as string[]) : [String(json.input)];
  const data = inputs.map((text, index) => {
    const angle = [...text].reduce((sum, c) => sum + c.charCodeAt(0), 0);
    return { object: 'embedding', index, embedding: [Math.cos(angle), Math.sin(angle)] };
  });
  send(response, 200, JSON.stringify({ object: 'list', data, model: json.model, usage: { prompt_tokens: 1, total_tokens: 1 } }));
}
