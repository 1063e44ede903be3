/** Pure changes to a conversation as the browser knows it. */
import type { ConversationInfo, LoggedActivity, Note, Thread } from './types.ts';

export function newThread(id: string, readSeq: number, outgoing: Thread['outgoing']): Thread {
  return { id, info: null, matter: '', activities: [], watermark: 0, readSeq, outgoing, typingUntil: 0, problem: null, notes: [] };
}

/** Adds what was read from the log, each once and in order; what we sent ourselves is no longer on its way. */
export function withActivities(thread: Thread, fresh: readonly LoggedActivity[]): Thread {
  const news = fresh.filter((activity) => activity.seq > thread.watermark).sort((a, b) => a.seq - b.seq);
  if (news.length === 0) return thread;
  const ids = new Set(news.map((activity) => activity.id));
  const spoke = news.some((activity) => activity.type === 'message' && isCitizen(activity));
  return {
    ...thread,
    activities: [...thread.activities, ...news],
    watermark: news.at(-1)?.seq ?? thread.watermark,
    outgoing: thread.outgoing.filter((message) => !ids.has(`${thread.id}|agent-${message.messageId}`)),
    typingUntil: spoke ? 0 : thread.typingUntil,
    problem: null,
  };
}

/** Adds what the server says about the conversation. */
export function withInfo(thread: Thread, info: ConversationInfo): Thread {
  const matter = info.handoff === null ? thread.matter : matterOf(info.handoff.summary);
  return { ...thread, info, matter, problem: null };
}

/** What the citizen wants: the first line of the summary without its label. */
export const matterOf = (summary: string): string => (summary.split('\n')[0] ?? '').replace(/^诉求：/, '');

/** Messages of the citizen that nobody here has looked at. */
export function unreadOf(thread: Thread): number {
  return thread.activities.filter((activity) => activity.seq > thread.readSeq && activity.type === 'message' && isCitizen(activity)).length;
}

export const isCitizen = (activity: LoggedActivity): boolean => activity.from.role !== 'bot';

/** Who speaks: an agent's words carry the origin `human`. */
export function speakerOf(activity: LoggedActivity): 'citizen' | 'bot' | 'agent' {
  if (isCitizen(activity)) return 'citizen';
  return activity.channelData?.origin === 'human' ? 'agent' : 'bot';
}

export type TimelineEntry =
  | { readonly kind: 'day'; readonly key: string; readonly time: string }
  | { readonly kind: 'note'; readonly key: string; readonly time: string; readonly text: string }
  | { readonly kind: 'whisper'; readonly key: string; readonly time: string; readonly note: Note }
  | {
      readonly kind: 'message';
      readonly key: string;
      readonly activity: LoggedActivity;
      readonly speaker: 'citizen' | 'bot' | 'agent';
      readonly follows: boolean;
    };

/** The log as the agent reads it: days, messages, one quiet line for what happened in between, and what colleagues noted meanwhile. */
export function timelineOf(activities: readonly LoggedActivity[], notes: readonly Note[] = []): TimelineEntry[] {
  const entries: TimelineEntry[] = [];
  let day = '';
  const open = [...notes];
  const whispersBefore = (time: string): void => {
    while (open[0] !== undefined && Date.parse(open[0].createdAt) < Date.parse(time)) {
      const note = open.shift() as Note;
      entries.push({ kind: 'whisper', key: `note ${note.id}`, time: note.createdAt, note });
    }
  };
  for (const activity of activities) {
    const text = activity.type === 'event' ? noteOf(activity) : undefined;
    if (activity.type !== 'message' && text === undefined) continue;
    whispersBefore(activity.timestamp);
    const thisDay = new Date(activity.timestamp).toDateString();
    if (thisDay !== day) entries.push({ kind: 'day', key: `day ${activity.id}`, time: activity.timestamp });
    day = thisDay;
    if (text !== undefined) {
      entries.push({ kind: 'note', key: activity.id, time: activity.timestamp, text });
      continue;
    }
    const speaker = speakerOf(activity);
    const before = entries.at(-1);
    const follows = before?.kind === 'message' && before.speaker === speaker && before.activity.from.name === activity.from.name;
    entries.push({ kind: 'message', key: activity.id, activity, speaker, follows });
  }
  for (const note of open) entries.push({ kind: 'whisper', key: `note ${note.id}`, time: note.createdAt, note });
  return entries;
}

/** One line for an event worth knowing; nothing for the others (a citizen's place in the queue changes often). */
function noteOf(activity: LoggedActivity): string | undefined {
  const value = (activity.value ?? {}) as { state?: unknown; agent?: unknown; agreed?: unknown; declined?: unknown };
  if (isCitizen(activity)) {
    if (activity.name !== 'rating.submit') return undefined;
    return value.declined === true ? '市民选择不评价' : '市民提交了评价';
  }
  if (activity.name === 'handoff.initiate') return '市民转人工，进入等候队列';
  if (activity.name === 'rating.request') return '已邀请市民评价';
  if (activity.name === 'assist.consent') return value.agreed === true ? '市民同意一起办' : '市民不想一起办';
  if (activity.name !== 'handoff.status') return undefined;
  if (value.state === 'accepted') return `${String(value.agent ?? '工作人员')} 接入了对话`;
  if (value.state === 'released') return '对话交回智能助手';
  if (value.state === 'completed') return '人工服务结束';
  return undefined;
}
