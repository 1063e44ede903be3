/** Something the server is asked about again and again while a screen is open. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Answer } from '../../state/client.ts';

export interface Looking<T> {
  /** Null until the first answer; afterwards the last one that came. */
  readonly seen: T | null;
  /** What went wrong last, in words; empty: nothing. */
  readonly problem: string;
  /** Does something, then looks at once; what goes wrong is told in its place. */
  act(work: Promise<Answer<unknown>>): void;
}

/** `everyMs` 0: looks once. `read` must stay the same function while what it reads is the same. */
export function useLooking<T>(read: () => Promise<Answer<T>>, everyMs: number): Looking<T> {
  const [seen, setSeen] = useState<T | null>(null);
  const [problem, setProblem] = useState('');
  const open = useRef(true);
  const look = useCallback(async () => {
    const answer = await read();
    if (!open.current) return;
    setProblem(answer.ok ? '' : answer.message);
    if (answer.ok) setSeen(answer.value);
  }, [read]);
  useEffect(() => {
    open.current = true;
    void look();
    const timer = everyMs > 0 ? setInterval(() => void look(), everyMs) : undefined;
    return () => {
      open.current = false;
      clearInterval(timer);
    };
  }, [look, everyMs]);
  const act = (work: Promise<Answer<unknown>>) =>
    void work.then((answer) => {
      if (answer.ok) return look();
      if (open.current) setProblem(answer.message);
      return undefined;
    });
  return { seen, problem, act };
}
