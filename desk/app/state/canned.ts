/** Canned replies: reading, changing, finding by a few letters, and putting values where the variables stand. */
import type { z } from 'zod';
import type { cannedReplyAnswerSchema } from '../../api/answers.ts';
import type { Answer, DeskClient } from './client.ts';

export type CannedReply = z.infer<typeof cannedReplyAnswerSchema>;
export type CannedWords = Pick<CannedReply, 'title' | 'text' | 'shortcut' | 'shared'>;

export const readCanned = (client: DeskClient): Promise<Answer<CannedReply[]>> => client.get('/canned-replies');

/** Adds a reply, or changes the one with this id. */
export function saveCanned(client: DeskClient, words: CannedWords, id?: string): Promise<Answer<CannedReply>> {
  return id === undefined ? client.post('/canned-replies', words) : client.put(`/canned-replies/${encodeURIComponent(id)}`, words);
}

export const dropCanned = (client: DeskClient, id: string): Promise<Answer<undefined>> =>
  client.delete(`/canned-replies/${encodeURIComponent(id)}`);

export const readVariables = (client: DeskClient, conversationId: string): Promise<Answer<Record<string, string>>> =>
  client.get(`/conversations/${encodeURIComponent(conversationId)}/variables`);

/** What may stand in braces, as an agent reads it. */
export const variableNames: Readonly<Record<string, string>> = {
  citizen: '市民姓名',
  agent: '我对外的名字',
  city: '城市',
  hotline: '热线',
  workOrder: '工单号',
  today: '今天的日期',
};

const marker = /【请填：[^】]*】/u;

/** The words with values where the variables stood; one without a value stands there as 【请填：…】. */
export function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (_all, name: string) => values[name] ?? `【请填：${variableNames[name] ?? name}】`);
}

/** The first place that is still to be filled in, as a range of the text. */
export function unfilledIn(text: string): { readonly words: string; readonly from: number; readonly to: number } | undefined {
  const found = marker.exec(text);
  return found === null ? undefined : { words: found[0], from: found.index, to: found.index + found[0].length };
}

/** What is being looked for: `/` and letters right before the caret, at the beginning or after a space. */
export function slashBefore(text: string, caret: number): { readonly from: number; readonly query: string } | undefined {
  const found = /(?:^|\s)\/([\p{Script=Han}\w]{0,12})$/u.exec(text.slice(0, caret));
  if (found === null) return undefined;
  const query = found[1] ?? '';
  return { from: caret - query.length - 1, query: query.toLowerCase() };
}

/** Replies that fit the letters, best first: by shortcut, by the beginning of the title or its pinyin initials, then by any part of it. */
export function fitting(replies: readonly CannedReply[], query: string): CannedReply[] {
  const rank = ({ shortcut, initials, title, text }: CannedReply): number => {
    if (query === '') return 1;
    if (shortcut === query) return 4;
    if ((shortcut !== '' && shortcut.startsWith(query)) || initials.startsWith(query) || title.toLowerCase().startsWith(query)) return 3;
    if (initials.includes(query) || title.toLowerCase().includes(query)) return 2;
    return /\p{Script=Han}/u.test(query) && text.includes(query) ? 1 : 0;
  };
  return replies
    .map((reply) => ({ reply, rank: rank(reply) }))
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank)
    .map(({ reply }) => reply);
}
