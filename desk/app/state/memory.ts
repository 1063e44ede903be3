/** What survives a reload: drafts and unsent messages in this tab, what was read and the sound setting in this browser. */
import type { Outgoing } from './types.ts';

const draftKey = (id: string): string => `wenban-desk-draft:${id}`;
const unsentKey = (id: string): string => `wenban-desk-unsent:${id}`;
const readKey = (id: string): string => `wenban-desk-read:${id}`;
const SOUND = 'wenban-desk-sound';

/** Storage can be full or forbidden; the desk works without it. */
function attempt<T>(work: () => T, otherwise: T): T {
  try {
    return work();
  } catch {
    return otherwise;
  }
}
function put(storage: () => Storage, key: string, value: string): void {
  attempt(() => (value === '' ? storage().removeItem(key) : storage().setItem(key, value)), undefined);
}
const tab = (): Storage => sessionStorage;
const browser = (): Storage => localStorage;

export const draftOf = (id: string): string => attempt(() => tab().getItem(draftKey(id)) ?? '', '');
export const keepDraft = (id: string, text: string): void => put(tab, draftKey(id), text);

/** Messages that were not acknowledged before the reload come back as failed: the agent decides. */
export function unsentOf(id: string): Outgoing[] {
  const stored = attempt(() => JSON.parse(tab().getItem(unsentKey(id)) ?? '[]') as { messageId: string; text: string }[], []);
  return stored.map(({ messageId, text }) => ({ messageId, text, state: 'failed', error: '页面刷新前没有发送成功' }));
}
export function keepUnsent(id: string, outgoing: readonly Outgoing[]): void {
  put(tab, unsentKey(id), outgoing.length === 0 ? '' : JSON.stringify(outgoing.map(({ messageId, text }) => ({ messageId, text }))));
}

export const readSeqOf = (id: string): number => attempt(() => Number(browser().getItem(readKey(id)) ?? 0) || 0, 0);
export const keepReadSeq = (id: string, seq: number): void => put(browser, readKey(id), String(seq));
export const forgetConversation = (id: string): void => {
  keepDraft(id, '');
  put(browser, readKey(id), '');
};

export const soundOn = (): boolean => attempt(() => browser().getItem(SOUND) === 'on', false);
export const keepSound = (on: boolean): void => put(browser, SOUND, on ? 'on' : '');
