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

type Kept = Pick<Outgoing, 'messageId' | 'text' | 'draft'>;

/** Messages that were not acknowledged before the reload: they go out once more, under the same id. */
export function unsentOf(id: string): Outgoing[] {
  const stored = attempt(() => JSON.parse(tab().getItem(unsentKey(id)) ?? '[]') as Kept[], []);
  return stored.map(({ messageId, text, draft }) => ({ messageId, text, ...(draft && { draft }), state: 'queued' }));
}
/** Files are not kept: the agent still has them. */
export function keepUnsent(id: string, outgoing: readonly Outgoing[]): void {
  const kept = outgoing.filter(({ fileName }) => fileName === undefined);
  const words = kept.map(({ messageId, text, draft }): Kept => ({ messageId, text, ...(draft && { draft }) }));
  put(tab, unsentKey(id), words.length === 0 ? '' : JSON.stringify(words));
}
/** Conversations with unsent messages. */
export function unsentIds(): string[] {
  const prefix = unsentKey('');
  const keys = attempt(() => Array.from({ length: tab().length }, (_, index) => tab().key(index) ?? ''), []);
  return keys.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
}

export const readSeqOf = (id: string): number => attempt(() => Number(browser().getItem(readKey(id)) ?? 0) || 0, 0);
export const keepReadSeq = (id: string, seq: number): void => put(browser, readKey(id), String(seq));
export const forgetConversation = (id: string): void => {
  keepDraft(id, '');
  put(browser, readKey(id), '');
};

export const soundOn = (): boolean => attempt(() => browser().getItem(SOUND) === 'on', false);
export const keepSound = (on: boolean): void => put(browser, SOUND, on ? 'on' : '');
