/** How the desk begins, what can be done with a conversation, and how long things show. */
import type { DeskSettings, Thread } from './types.ts';

export const TYPING_SHOWN_MS = 6000;
export const TOAST_MS = 6000;
/** The supervisor's list is read anew at most so often. */
export const RUNNING_MS = 1500;

export type Target = { readonly skill: string } | { readonly user: string };
export type DeskAction =
  | { readonly kind: 'release' }
  | { readonly kind: 'transfer'; readonly target: Target; readonly note: string }
  | { readonly kind: 'close'; readonly wrapUp: string };

/** Until the server has said otherwise. */
const usualSettings: DeskSettings = { firstResponseSeconds: 60, answerSeconds: 180, acceptSeconds: 180, shownName: '', standardName: '' };

export const signedOutState = {
  me: null,
  queue: [],
  mine: [],
  running: null,
  notices: [],
  settings: usualSettings,
  selected: null,
  threads: new Map<string, Thread>(),
  busy: new Set<string>(),
} as const;

/** `crypto.randomUUID` is missing on plain http inside an office network. */
export function newMessageId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
