/** A language model with fixed times behind the OpenAI API: it repeats what it was given, so that every sentence passes the check. */
import { createServer, type ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { closed, listening } from './listen.ts';

export interface ModelTimes {
  /** To the first token, milliseconds. */
  readonly firstMs: number;
  /** Between two tokens, milliseconds. */
  readonly tokenMs: number;
}

const requestSchema = z.object({
  stream: z.boolean().optional(),
  messages: z.array(z.object({ role: z.string(), content: z.string() })),
});

/** So many characters make a token of this model. */
const tokenLength = 4;
/** Said of each answer; an answer of this length is a usual one. */
const sentencesSaid = 4;

/** Listens on a free port. */
export async function modelServer({ firstMs, tokenMs }: ModelTimes): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => void parts.push(part));
    request.on('end', () => {
      const parsed = requestSchema.safeParse(JSON.parse(Buffer.concat(parts).toString() || '{}'));
      if (!parsed.success) response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":{"message":"bad request"}}');
      else void answered(response, parsed.data, { firstMs, tokenMs });
    });
  });
  return { url: await listening(server), close: () => closed(server) };
}

async function answered(response: ServerResponse, { stream, messages }: z.infer<typeof requestSchema>, times: ModelTimes): Promise<void> {
  const text = JSON.stringify(reply(messages.at(-1)?.content ?? ''));
  await pause(times.firstMs);
  const head = { id: 'bench', created: 0, model: 'bench' };
  if (!stream) {
    const choices = [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }];
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ ...head, object: 'chat.completion', choices }));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const event = (delta: object, finish: string | null) =>
    response.write(
      `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`,
    );
  for (let at = 0; at < text.length && !response.destroyed; at += tokenLength) {
    event({ content: text.slice(at, at + tokenLength) }, null);
    await pause(times.tokenMs);
  }
  event({}, 'stop');
  response.end('data: [DONE]\n\n');
}

/** To the prompt of an answer: the first sentences of its first passage. To any other: that the question is a question. */
export function reply(user: string): object {
  const nonce = /^资料的每一行以 ([A-Z]+) 开头/.exec(user)?.[1];
  const question = /(?:问题|最后一句)[：:]\s*“?([^”\n]*)/.exec(user)?.[1] ?? user.slice(-100);
  if (nonce === undefined) return { commands: [{ type: 'answer', id: '', value: question }], followUp: false, question };
  const [first = ''] = user.slice(user.indexOf('[1]')).split(/\n\n\[2\]|\n\n资料完/);
  const lines = first.split('\n').flatMap((line) => (line.startsWith(`${nonce} `) ? [line.slice(nonce.length + 1).trim()] : []));
  const sentences = lines.filter((line) => line !== '').slice(0, sentencesSaid);
  return { completeness: 'full', sentences: sentences.map((text) => ({ text: text.slice(0, 600), citations: [1] })) };
}
