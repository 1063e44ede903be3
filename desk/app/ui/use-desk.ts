/** The desk's state and its clock, for components. */
import { useEffect, useState } from 'preact/hooks';
import type { DeskStore } from '../state/desk-store.ts';
import type { DeskState } from '../state/types.ts';

/** The store's state now; the component is drawn again when it changes. */
export function useDeskState(store: DeskStore): DeskState {
  const [state, setState] = useState(store.state);
  useEffect(() => {
    setState(store.state);
    return store.subscribe(() => setState(store.state));
  }, [store]);
  return state;
}

/** The server's time, drawn again every `interval` milliseconds. */
export function useNow(store: DeskStore, interval = 1000): number {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), interval);
    return () => clearInterval(timer);
  }, [interval]);
  return Date.now() + store.client.clockOffset;
}
