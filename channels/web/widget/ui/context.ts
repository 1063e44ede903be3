/** What every part of the widget needs: the words, the way it looks, and what the citizen may do. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Locale, Strings } from '../strings/strings.ts';

export interface Actions {
  /** Sends words; `value` rides along with a form. */
  say(text: string, value?: unknown): void;
  event(name: string, value: unknown): void;
  upload(file: File): void;
  typing(): void;
  retry(id: string): void;
  discard(id: string): void;
  requestPerson(): void;
  setElder(elder: boolean): void;
  setLocale(locale: Locale): void;
  open(): void;
  minimise(): void;
  restart(): void;
  /** At a public terminal: still here. */
  stay(): void;
  reconnect(): void;
}

export interface Chat {
  readonly t: Strings;
  readonly locale: Locale;
  readonly elder: boolean;
  /** A public terminal: nothing leads away from it, nothing is kept. */
  readonly kiosk: boolean;
  readonly actions: Actions;
  /** The server's address, to resolve what it names relatively. */
  readonly endpoint: string;
}

export const ChatContext = createContext<Chat | undefined>(undefined);

/** The chat around this part. Throws outside of the widget. */
export function useChat(): Chat {
  const chat = useContext(ChatContext);
  if (!chat) throw new Error('useChat needs a ChatContext around it');
  return chat;
}
