/** Knowledge and notes for the open conversation. */
import type { z } from 'zod';
import type { foundAnswerSchema } from '../../api/answers.ts';
import type { Answer, DeskClient } from './client.ts';
import { isCitizen } from './threads.ts';
import type { LoggedActivity, Note } from './types.ts';

export type FoundAnswer = z.infer<typeof foundAnswerSchema>;

const longestQuestion = 300;

export function searchKnowledge(client: DeskClient, question: string): Promise<Answer<FoundAnswer[]>> {
  return client.get(`/knowledge/search?q=${encodeURIComponent(question.slice(0, longestQuestion))}`);
}

export function readNotes(client: DeskClient, id: string): Promise<Answer<Note[]>> {
  return client.get(`/conversations/${encodeURIComponent(id)}/notes`);
}

export function writeNote(client: DeskClient, id: string, text: string): Promise<Answer<Note>> {
  return client.post(`/conversations/${encodeURIComponent(id)}/notes`, { text });
}

const steering = /^(?:转?人工(?:服务|客服)?|[\d\s]{1,2})$/u;

/** The last thing the citizen asked: what the knowledge panel looks up by itself. Menu digits and 转人工 ask nothing. */
export function lastQuestion(activities: readonly LoggedActivity[]): string {
  const asked = activities.findLast(
    (one) => one.type === 'message' && isCitizen(one) && one.text !== undefined && !steering.test(one.text.trim()),
  );
  return asked?.text?.trim() ?? '';
}
