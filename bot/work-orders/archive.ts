/** 电子档案: what was done about a matter, whole and in an open format, each file named by its hash. It holds personal data: that is what a file on a case is. */
import { createHash } from 'node:crypto';
import { displayMoment } from '../calendar/china-day.ts';
import { readActivities } from '../store/activities.ts';
import type { Db } from '../store/database.ts';
import { actionNames, stateNames } from './decide.ts';
import type { WorkOrder, WorkOrderEvent } from './order.ts';
import { findWorkOrder, historiesOf } from './repository.ts';

/** The format's name and version, in every file. */
export const ARCHIVE_FORMAT = 'wenban-case/1';
export const ARCHIVE_INDEX = 'index.json';

export interface ArchiveFile {
  readonly name: string;
  readonly content: string;
}

interface Said {
  readonly seq: number;
  readonly at: string;
  readonly speaker: 'citizen' | 'agent' | 'bot';
  readonly text: string;
}

const mostSaid = 5000;
export const sha256 = (content: string): string => createHash('sha256').update(content).digest('hex');

/** Numbers of the orders closed in a span (epoch milliseconds, `until` exclusive), oldest first. */
export async function closedOrders(db: Db, { since, until }: { since: number; until: number }): Promise<string[]> {
  const rows = await db
    .selectFrom('work_orders')
    .select('number')
    .where('closed_at', '>=', since)
    .where('closed_at', '<', until)
    .where('state', '=', 'closed')
    .orderBy('closed_at')
    .orderBy('number')
    .execute();
  return rows.map(({ number }) => number);
}

/** The two files of an order: everything as JSON, and the same to read. Undefined: there is no such order. */
export async function archiveOrder(db: Db, number: string): Promise<readonly ArchiveFile[] | undefined> {
  const order = await findWorkOrder(db, { number });
  if (order === undefined) return undefined;
  const history = (await historiesOf(db, [order.id])).get(order.id) ?? [];
  const transcript = order.conversationId === null ? [] : await saidIn(db, order.conversationId);
  // The code is the citizen's proof, not part of the case.
  const { code: _code, ...kept } = order;
  const events = history.map(({ data: { matter: _matter, ...data }, ...event }) => ({ ...event, at: iso(event.at), data }));
  const whole = {
    format: ARCHIVE_FORMAT,
    order: { ...kept, receivedAt: iso(order.receivedAt), dueAt: iso(order.dueAt) },
    history: events,
    transcript,
  };
  return [
    { name: `${number}.json`, content: `${JSON.stringify(whole, null, 2)}\n` },
    { name: `${number}.txt`, content: readable(order, history, transcript) },
  ];
}

/** The index of an archive: each file with its size and hash. Its own hash is what the archive is known by. */
export function archiveIndex(
  files: readonly ArchiveFile[],
  about: { readonly city: string; readonly since: string; readonly until: string },
): ArchiveFile {
  const listed = files.map(({ name, content }) => ({ name, bytes: Buffer.byteLength(content), sha256: sha256(content) }));
  return { name: ARCHIVE_INDEX, content: `${JSON.stringify({ format: ARCHIVE_FORMAT, ...about, files: listed }, null, 2)}\n` };
}

async function saidIn(db: Db, conversationId: string): Promise<Said[]> {
  const activities = await readActivities(db, conversationId, 0, mostSaid);
  return activities.flatMap(({ type, seq, from, text, timestamp, channelData }): Said[] => {
    if (type !== 'message' || !text) return [];
    const origin = (channelData as { origin?: string } | undefined)?.origin;
    const speaker = from.role !== 'bot' ? 'citizen' : origin === 'human' ? 'agent' : 'bot';
    return [{ seq, at: String(timestamp ?? ''), speaker, text }];
  });
}

const speakers = { citizen: '市民', agent: '人工', bot: '助手' } as const;
const iso = (at: number): string => new Date(at).toISOString();

function readable(order: WorkOrder, history: readonly WorkOrderEvent[], transcript: readonly Said[]): string {
  const now = order.receivedAt;
  const lines = [
    `工单 ${order.number}（${stateNames[order.state]}）`,
    order.title,
    '',
    order.detail,
    '',
    `受理：${displayMoment(order.receivedAt, now)}　承办：${order.department ?? '—'}　地点：${order.place ?? '—'}`,
    ...(order.reply === null ? [] : [`答复：${order.reply}`]),
    '',
    '经过',
    ...history.map(({ seq, at, action, actor, note, data }) =>
      [`${seq}. ${displayMoment(at, now)} ${actionNames[action]}`, data.department, actor.name, note].filter(Boolean).join(' · '),
    ),
    ...(transcript.length === 0 ? [] : ['', '对话', ...transcript.map(({ speaker, text }) => `${speakers[speaker]}：${text}`)]),
  ];
  return `${lines.join('\n')}\n`;
}
