/** What processes say to each other, as text: everything small, ids rather than contents, typing and streaming only as far as it fits. */
import { z } from 'zod';
import type { Activity } from './activity.ts';
import type { DeskNews } from './handoff/desk.ts';

/** One thing to say. `queue`: the desk's queue moved · `hello`: tell me whom you follow · `alive`: nothing else to say · `work`: I stop, look for messages without a turn. */
export type News =
  | { readonly kind: 'appended'; readonly conversationId: string; readonly seq: number }
  | { readonly kind: 'transient'; readonly conversationId: string; readonly activity: Activity }
  | { readonly kind: 'follow' | 'unfollow'; readonly conversationId: string }
  | { readonly kind: 'desk'; readonly news: DeskNews }
  | { readonly kind: 'hello' | 'alive' | 'queue' | 'work' };

const id = z.string().min(1);
const accountSchema = z.looseObject({ id: z.string() });
const deskNewsSchema: z.ZodType<DeskNews> = z.union([
  z.object({ kind: z.literal('told'), staff: z.string() }),
  z.object({ kind: z.literal('note'), conversationId: z.string() }),
]);
// Written by a process of ours, maybe of another version: what is not known is passed by.
const newsSchema = z.union([
  z.tuple([z.literal('s'), id, z.number().int().nonnegative()]),
  z.tuple([z.literal('t'), id, z.looseObject({ type: z.literal('typing'), from: accountSchema })]),
  z.tuple([z.literal('f'), id]),
  z.tuple([z.literal('u'), id]),
  z.tuple([z.literal('d'), deskNewsSchema]),
  z.tuple([z.enum(['h', 'a', 'q', 'w'])]),
]);
const envelopeSchema = z.object({ from: id, news: z.array(z.unknown()) });

const bare = { hello: 'h', alive: 'a', queue: 'q', work: 'w' } as const;
const unbare = { h: 'hello', a: 'alive', q: 'queue', w: 'work' } as const;

function written(news: News): string {
  switch (news.kind) {
    case 'appended':
      return JSON.stringify(['s', news.conversationId, news.seq]);
    case 'transient':
      return JSON.stringify(['t', news.conversationId, news.activity]);
    case 'follow':
    case 'unfollow':
      return JSON.stringify([news.kind === 'follow' ? 'f' : 'u', news.conversationId]);
    case 'desk':
      return JSON.stringify(['d', news.news]);
    default:
      return JSON.stringify([bare[news.kind]]);
  }
}

/**
 * Packs news, in order, into as few payloads of at most `most` bytes as they need. One that does not fit into a payload of its own is left
 * out: only a transient can be so long, and its message follows when it is whole.
 */
export function pack(from: string, news: readonly News[], most: number): string[] {
  const head = `{"from":${JSON.stringify(from)},"news":[`;
  const room = most - Buffer.byteLength(head) - 2;
  const payloads: string[] = [];
  let parts: string[] = [];
  let used = 0;
  const close = () => {
    if (parts.length > 0) payloads.push(`${head}${parts.join(',')}]}`);
    parts = [];
    used = 0;
  };
  for (const one of news) {
    const text = written(one);
    const size = Buffer.byteLength(text) + 1;
    if (size > room) continue;
    if (used + size > room) close();
    parts.push(text);
    used += size;
  }
  close();
  return payloads;
}

/** Reads a payload; undefined when it is none of ours. */
export function unpack(payload: string): { from: string; news: News[] } | undefined {
  let json: unknown;
  try {
    json = JSON.parse(payload);
  } catch {
    return undefined;
  }
  const envelope = envelopeSchema.safeParse(json);
  if (!envelope.success) return undefined;
  return { from: envelope.data.from, news: envelope.data.news.flatMap(readOne) };
}

function readOne(value: unknown): News[] {
  const read = newsSchema.safeParse(value);
  if (!read.success) return [];
  const [kind] = read.data;
  switch (kind) {
    case 's':
      return [{ kind: 'appended', conversationId: read.data[1], seq: read.data[2] }];
    case 't':
      return [{ kind: 'transient', conversationId: read.data[1], activity: read.data[2] as Activity }];
    case 'f':
    case 'u':
      return [{ kind: kind === 'f' ? 'follow' : 'unfollow', conversationId: read.data[1] }];
    case 'd':
      return [{ kind: 'desk', news: read.data[1] }];
    default:
      return [{ kind: unbare[kind] }];
  }
}
