/** The agent's message box: the draft stays with its conversation, Enter sends unless an input method is composing. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { DeskStore } from '../state/desk-store.ts';
import { draftOf, keepDraft } from '../state/memory.ts';

const MAX = 4000;
const WARN_FROM = 3500;
const TYPING_EVERY_MS = 3000;

/** Ready sentences reach the open message box through this event. */
export const INSERT_EVENT = 'wenban-desk-insert';

export function Composer({ store, id }: { store: DeskStore; id: string }) {
  const [text, setText] = useState(() => draftOf(id));
  const box = useRef<HTMLTextAreaElement>(null);
  const lastTyping = useRef(0);

  const change = (next: string) => {
    setText(next);
    keepDraft(id, next);
  };
  useEffect(() => {
    box.current?.focus();
    const insert = (event: Event) => {
      const words = String((event as CustomEvent<string>).detail);
      setText((before) => {
        const next = before.trim() === '' ? words : `${before}${words}`;
        keepDraft(id, next);
        return next;
      });
      box.current?.focus();
    };
    document.addEventListener(INSERT_EVENT, insert);
    return () => document.removeEventListener(INSERT_EVENT, insert);
  }, [id]);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    element.style.height = 'auto';
    element.style.height = `${Math.min(element.scrollHeight + 2, 180)}px`;
  }, [text]);

  const empty = text.trim() === '';
  const tooLong = text.trim().length > MAX;
  const send = () => {
    if (empty || tooLong) return;
    change('');
    void store.send(id, text.trim());
    box.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // keyCode 229: Safari ends the composition before it reports the Enter that ended it
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send();
  };
  const onInput = (event: Event) => {
    change((event.currentTarget as HTMLTextAreaElement).value);
    if (Date.now() - lastTyping.current < TYPING_EVERY_MS) return;
    lastTyping.current = Date.now();
    void store.typing(id);
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <label class="visually-hidden" for="composer">
        回复市民
      </label>
      <textarea
        id="composer"
        ref={box}
        rows={2}
        value={text}
        placeholder="回复市民…"
        aria-describedby="composer-hint"
        aria-invalid={tooLong}
        onInput={onInput}
        onKeyDown={onKeyDown}
      />
      <div class="composer-foot">
        <p id="composer-hint" class={tooLong ? 'form-problem' : 'hint'}>
          {text.length > WARN_FROM
            ? `${text.trim().length} / ${MAX} 字${tooLong ? '，请缩短后再发' : ''}`
            : 'Enter 发送，Shift + Enter 换行'}
        </p>
        <button type="submit" class="button primary" disabled={empty || tooLong}>
          发送
        </button>
      </div>
    </form>
  );
}
