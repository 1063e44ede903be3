/** Makes one request and reads the reply, whole or as a stream, as content or as a tool call. */
import type OpenAI from 'openai';

export interface Reply {
  readonly text: string;
  readonly finish: string | undefined;
  readonly refusal: string | undefined;
  readonly usage: OpenAI.CompletionUsage | undefined;
}

/** The connection broke after some text had come. */
export class BrokenReply extends Error {
  readonly reply: Reply;

  constructor(reply: Reply, cause: unknown) {
    super('the reply broke off', { cause });
    this.name = 'BrokenReply';
    this.reply = reply;
  }
}

type Body = OpenAI.Chat.Completions.ChatCompletionCreateParams;
/** Longer than any answer of ours: an endpoint that never stops is cut off. */
const longestReply = 60_000;

/** `onText` hears the text so far of a stream. Rejects with what the SDK throws, or BrokenReply. */
export async function readReply(
  client: OpenAI,
  body: Body,
  signal: AbortSignal,
  onText: ((text: string) => void) | undefined,
): Promise<Reply> {
  // The SDK's own per-request timer is off: the signal is the one clock.
  const options = { signal, timeout: 2 ** 31 - 1 };
  if (!body.stream) {
    const completion = await client.chat.completions.create({ ...body, stream: false }, options);
    const choice = completion.choices?.[0];
    const call = choice?.message?.tool_calls?.[0];
    return {
      text: (call?.type === 'function' ? call.function.arguments : undefined) || choice?.message?.content || '',
      finish: choice?.finish_reason,
      refusal: choice?.message?.refusal ?? undefined,
      usage: completion.usage,
    };
  }
  const stream = await client.chat.completions.create({ ...body, stream: true }, options);
  let reply: Reply = { text: '', finish: undefined, refusal: undefined, usage: undefined };
  try {
    for await (const chunk of stream) {
      const choice = chunk.choices?.[0];
      const piece = choice?.delta?.tool_calls?.[0]?.function?.arguments ?? choice?.delta?.content ?? '';
      reply = {
        text: reply.text + piece,
        finish: choice?.finish_reason ?? reply.finish,
        refusal: choice?.delta?.refusal ? (reply.refusal ?? '') + choice.delta.refusal : reply.refusal,
        usage: chunk.usage ?? reply.usage,
      };
      if (piece !== '') onText?.(reply.text);
      if (reply.text.length > longestReply) return { ...reply, finish: 'length' };
    }
  } catch (error) {
    throw new BrokenReply(reply, error);
  }
  if (signal.aborted) throw new BrokenReply(reply, signal.reason);
  // A stream that ends without saying why was cut off on the way.
  return reply.finish === undefined ? { ...reply, finish: 'length' } : reply;
}
