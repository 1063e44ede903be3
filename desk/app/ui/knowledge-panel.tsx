/** Ready answers for what the citizen asked last, or for the agent's own words; one key puts one into the message box. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { type FoundAnswer, lastQuestion, searchKnowledge } from '../state/assist.ts';
import type { DeskStore } from '../state/desk-store.ts';
import type { Thread } from '../state/types.ts';
import { INSERT_EVENT } from './composer.tsx';

const insert = (text: string) => document.dispatchEvent(new CustomEvent(INSERT_EVENT, { detail: text }));
const waitBeforeSearch = 300;

export function KnowledgePanel({ store, thread, mine }: { store: DeskStore; thread: Thread; mine: boolean }) {
  const asked = lastQuestion(thread.activities);
  const [own, setOwn] = useState<string | null>(null);
  const [found, setFound] = useState<readonly FoundAnswer[]>([]);
  const [state, setState] = useState<'searching' | 'done' | string>('done');
  const box = useRef<HTMLInputElement>(null);
  const question = own ?? asked;

  useEffect(() => {
    if (question.trim() === '') {
      setFound([]);
      setState('done');
      return;
    }
    let stale = false;
    setState('searching');
    const timer = setTimeout(
      async () => {
        const answer = await searchKnowledge(store.client, question.trim());
        if (stale) return;
        setFound(answer.ok ? answer.value : []);
        setState(answer.ok ? 'done' : answer.message);
      },
      own === null ? 0 : waitBeforeSearch,
    );
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [question, store]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.code === 'KeyK') box.current?.select();
      else if (mine && /^Digit[1-6]$/.test(event.code)) {
        const answer = found[Number(event.code.slice(5)) - 1];
        if (answer === undefined) return;
        insert(answer.text);
      } else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [found, mine]);

  return (
    <div class="panel" data-testid="knowledge">
      <label class="field">
        <span>
          查知识 <kbd>Alt K</kbd>
        </span>
        <input
          ref={box}
          type="search"
          maxLength={300}
          value={question}
          placeholder="市民问什么，就填什么"
          onInput={(event) => setOwn(event.currentTarget.value)}
        />
      </label>
      {own !== null && asked !== '' && own !== asked && (
        <button type="button" class="button quiet" onClick={() => setOwn(null)}>
          用市民的原话
        </button>
      )}
      <p class="hint" role="status">
        {state === 'searching' ? '正在查…' : state === 'done' ? countWords(question, found.length) : state}
      </p>
      <ol class="answers">
        {found.map((answer, index) => (
          <li key={answer.itemId} class="found-answer">
            <h4>{answer.title}</h4>
            {answer.department !== null && <p class="hint">{answer.department}</p>}
            <p class="found-text">{answer.text}</p>
            {mine && (
              <button type="button" class="button" onClick={() => insert(answer.text)} aria-label={`放进回复：${answer.title}`}>
                放进回复 <kbd>Alt {index + 1}</kbd>
              </button>
            )}
          </li>
        ))}
      </ol>
    </div>
  );
}

function countWords(question: string, count: number): string {
  if (question.trim() === '') return '市民还没有提问。';
  return count === 0 ? '知识库里没有找到。' : `找到 ${count} 条。发出前请核对是否适合这位市民。`;
}
