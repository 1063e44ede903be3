/** A supervisor's calls: what runs, taking over; and answering offers of colleagues. */
import type { z } from 'zod';
import type { earlierConversationSchema, fileSchema } from '../../api/answers.ts';
import type { FoundAnswer } from './assist.ts';
import type { Answer, DeskClient } from './client.ts';
import type { DeskSettings, LoggedActivity, Me, RunningItem, StaffNotice } from './types.ts';

export type EarlierConversation = z.infer<typeof earlierConversationSchema>;
export type FileInfo = z.infer<typeof fileSchema>;

const of = (id: string): string => `/conversations/${encodeURIComponent(id)}`;

export const isSupervisor = (me: Me | null): boolean => me?.role === 'supervisor' || me?.role === 'admin';

export const readRunning = (client: DeskClient): Promise<Answer<RunningItem[]>> => client.get('/running');
export const takeOver = (client: DeskClient, id: string, note: string): Promise<Answer<unknown>> =>
  client.post(`${of(id)}/take-over`, { note });
export const decline = (client: DeskClient, id: string): Promise<Answer<unknown>> => client.post(`${of(id)}/decline`);

/** To whom a conversation can be passed on; when that can't be read, the general queue. */
export async function readColleagues(client: DeskClient): Promise<{ agents: string[]; skills: string[] }> {
  const answer = await client.get<{ agents: string[]; skills: string[] }>('/colleagues');
  return answer.ok ? answer.value : { agents: [], skills: ['general'] };
}

export const readNotices = (client: DeskClient): Promise<Answer<StaffNotice[]>> => client.get('/notices');
export const noticeSeen = (client: DeskClient, id: number): Promise<Answer<undefined>> => client.post(`/notices/${id}/seen`);

export const readSettings = (client: DeskClient): Promise<Answer<DeskSettings>> => client.get('/desk-settings');
export const chooseName = (client: DeskClient, name: string | null): Promise<Answer<DeskSettings>> => client.put('/shown-name', { name });

export const readFiles = (client: DeskClient, id: string): Promise<Answer<FileInfo[]>> => client.get(`${of(id)}/files`);
export const fileAddress = (id: string, file: string): string => `/desk/api${of(id)}/files/${encodeURIComponent(file)}`;

export const readHistory = (client: DeskClient, id: string): Promise<Answer<EarlierConversation[]>> => client.get(`${of(id)}/history`);
export const readEarlier = (client: DeskClient, id: string, other: string): Promise<Answer<LoggedActivity[]>> =>
  client.get(`${of(id)}/history/${encodeURIComponent(other)}`);

export const readSuggestion = (client: DeskClient, id: string): Promise<Answer<FoundAnswer[]>> => client.get(`${of(id)}/suggestion`);
