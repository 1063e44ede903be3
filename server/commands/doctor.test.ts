import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startStandIn } from '../../knowledge/index/qdrant/testing/stand-in.ts';
import { parseConfig } from '../config.ts';
import { doctorCommand } from './doctor.ts';

let dataDir = '';
let endpoint: Server;
let url = '';
const key = 'sk-right';
const message = { role: 'assistant', content: '{"ready": true}' };
const completion = JSON.stringify({ id: 'c', object: 'chat.completion', choices: [{ index: 0, finish_reason: 'stop', message }] });

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'wenban-doctor-'));
  endpoint = createServer((request, response) => {
    const body = request.url?.endsWith('/chat/completions') ? completion : '{"data":[]}';
    response.writeHead(request.headers.authorization === `Bearer ${key}` ? 200 : 401, { 'content-type': 'application/json' }).end(body);
  });
  await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/v1`;
});
afterAll(async () => {
  endpoint.closeAllConnections();
  endpoint.close();
  await rm(dataDir, { recursive: true, force: true });
});

/** What doctor says of each part, and its exit code. */
async function examine(environment: NodeJS.ProcessEnv) {
  const parsed = parseConfig({ DATA_DIR: dataDir, ...environment });
  if (!parsed.ok) throw new Error(parsed.problems.join('\n'));
  const said: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line));
  const code = await doctorCommand(parsed.config, { json: true }).finally(() => log.mockRestore());
  const findings = said.map((line) => JSON.parse(line) as { part: string; state: string; detail: string });
  const of = (part: string) => {
    const one = findings.find((finding) => finding.part === part);
    return `${one?.state}: ${one?.detail}`;
  };
  return { code, of, text: said.join('\n') };
}

describe('wenban doctor', () => {
  it('without any key: the model is off, index and embeddings are the built-in ones', async () => {
    const { of } = await examine({});
    expect(of('language model')).toMatch(/^off: no OPENAI_MODEL/);
    expect(of('reranking')).toMatch(/^off/);
    expect(of('knowledge index')).toMatch(/^embedded: in process/);
    expect(of('embeddings')).toMatch(/^embedded: wenban-zh-256@[0-9a-f]{12}, 256 dimensions/);
    expect(of('store')).toMatch(/^embedded: SQLite/);
  });

  it('names model and address of what answers, and never the key', async () => {
    const qdrant = await startStandIn({ apiKey: 'qdrant-key' });
    const models = { OPENAI_BASE_URL: url, OPENAI_MODEL: 'qwen', EMBEDDING_BASE_URL: url, EMBEDDING_MODEL: 'bge' };
    const rerank = { RERANK_BASE_URL: url, RERANK_MODEL: 'bge-reranker', RERANK_API_KEY: key };
    const keys = { OPENAI_API_KEY: key, EMBEDDING_API_KEY: key, QDRANT_API_KEY: 'qdrant-key' };
    const { of, text } = await examine({ ...models, ...rerank, ...keys, QDRANT_URL: qdrant.url });
    await qdrant.close();
    expect(of('language model')).toBe(`ok: qwen at ${url}: structured output by strict JSON schema`);
    expect(of('embeddings')).toBe(`ok: bge at ${url}`);
    expect(of('reranking')).toBe(`ok: bge-reranker at ${url}`);
    expect(of('knowledge index')).toMatch(/^ok: Qdrant .*nothing stored yet/);
    expect(text).not.toMatch(/sk-right|qdrant-key/);
  });

  it('says which key is refused and what cannot be reached, and exits with 1', async () => {
    const nowhere = 'http://127.0.0.1:9/v1';
    const models = { OPENAI_BASE_URL: url, OPENAI_MODEL: 'qwen', OPENAI_API_KEY: 'sk-wrong' };
    const { of, code } = await examine({
      ...models,
      EMBEDDING_BASE_URL: nowhere,
      EMBEDDING_MODEL: 'bge',
      QDRANT_URL: 'http://127.0.0.1:9',
    });
    expect(of('language model')).toBe(`problem: qwen at ${url} refuses the key (HTTP 401): OPENAI_API_KEY`);
    expect(of('embeddings')).toMatch(/^problem: bge at http:\/\/127\.0\.0\.1:9\/v1 cannot be reached/);
    expect(of('knowledge index')).toMatch(/^problem: .*cannot be reached/);
    expect(code).toBe(1);
  });
});
