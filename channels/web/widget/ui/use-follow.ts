/**
 * Scrolling as a reader wants it: new words are followed, but a long answer stops with its first line at the top;
 * whoever scrolled up stays where they read and is told that there is more.
 */
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Entry } from '../state/entries.ts';
import type { ChatState } from '../state/store.ts';

/** Closer to the end than this counts as being there. */
const NEAR = 120;
const MARGIN = 12;

export interface Follow {
  /** Whether the end is out of sight. */
  readonly away: boolean;
  /** Whether something came that was not seen. */
  readonly unseen: boolean;
  readonly onScroll: () => void;
  readonly toBottom: () => void;
}

export function useFollow(list: RefObject<HTMLElement | null>, entries: readonly Entry[], state: ChatState): Follow {
  const [away, setAway] = useState(false);
  const [unseen, setUnseen] = useState(false);
  const following = useRef(true);
  const ours = useRef(-1);
  const lastKey = useRef<string | undefined>(undefined);
  /** The first message since the citizen last spoke: its top must not leave the screen by itself. */
  const anchor = useRef<string | undefined>(undefined);
  const wasCaughtUp = useRef(false);
  const newest = entries[entries.length - 1];

  useLayoutEffect(() => {
    const element = list.current;
    if (!element || !state.open) return;
    const grew = newest !== undefined && newest.key !== lastKey.current;
    const own = newest?.kind === 'message' && newest.speaker === 'citizen';
    if (grew && own) {
      following.current = true;
      anchor.current = undefined;
    } else if (grew && wasCaughtUp.current) {
      // A person's words, the rating and "joined" lines are short and new: each takes its place at the top itself.
      if (newest.kind !== 'message' || newest.speaker === 'agent') anchor.current = newest.key;
      else anchor.current ??= newest.key;
      if (!following.current) setUnseen(true);
    }
    wasCaughtUp.current = state.caughtUp;
    lastKey.current = newest?.key;
    if (following.current) scrollTo(element, Math.min(bottomOf(element), topOf(element, anchor.current)));
    setAway(isAway(element));
  }, [entries, state.live, state.typing, state.caughtUp, state.open]);

  const scrollTo = (element: HTMLElement, top: number): void => {
    element.scrollTop = top;
    ours.current = element.scrollTop;
  };
  const onScroll = (): void => {
    const element = list.current;
    if (!element) return;
    const away = isAway(element);
    // A scroll we did not make is the reader's own.
    if (Math.abs(element.scrollTop - ours.current) > 2) {
      following.current = !away;
      anchor.current = undefined;
    }
    setAway(away);
    if (!away) setUnseen(false);
  };
  const toBottom = (): void => {
    const element = list.current;
    if (!element) return;
    following.current = true;
    anchor.current = undefined;
    scrollTo(element, bottomOf(element));
    setUnseen(false);
    setAway(false);
    element.focus({ preventScroll: true });
  };
  return { away, unseen, onScroll, toBottom };
}

const bottomOf = (element: HTMLElement): number => element.scrollHeight - element.clientHeight;
const isAway = (element: HTMLElement): boolean => bottomOf(element) - element.scrollTop > NEAR;

function topOf(element: HTMLElement, key: string | undefined): number {
  if (key === undefined) return Number.POSITIVE_INFINITY;
  const message = [...element.querySelectorAll<HTMLElement>('[data-key]')].find(({ dataset }) => dataset.key === key);
  if (!message) return Number.POSITIVE_INFINITY;
  return message.getBoundingClientRect().top - element.getBoundingClientRect().top + element.scrollTop - MARGIN;
}
