/** The agent's message box: the draft stays with its conversation, Enter sends unless an input method is composing, `/` finds canned replies. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { type CannedReply, filled, fitting, readCanned, readVariables, slashBefore, unfilledIn } from '../state/canned.ts';
import type { DeskStore } from '../state/desk-store.ts';
import { draftOf, keepDraft } from '../state/memory.ts';
import { readSuggestion } from '../state/supervise.ts';
import type { Outgoing } from '../state/types.ts';
import { CannedPicker, pickerId } from './canned-picker.tsx';

const MAX = 4000;
const WARN_FROM = 3500;
const TYPING_EVERY_MS = 3000;
const MAX_FILE = 10 * 1024 * 1024;

/** Ready sentences reach the open message box through this event. */
export const INSERT_EVENT = 'wenban-desk-insert';

export function Composer({ store, id }: { store: DeskStore; id: string }) {
  const [text, setText] = useState(() => draftOf(id));
  const [caret, setCaret] = useState(0);
  const [replies, setReplies] = useState<readonly CannedReply[]>([]);
  const [picked, setPicked] = useState(0);
  const [closed, setClosed] = useState(false);
  const [draft, setDraft] = useState<(NonNullable<Outgoing['draft']> & { title: string }) | null>(null);
  const [problem, setProblem] = useState('');
  const box = useRef<HTMLTextAreaElement>(null);
  const chooser = useRef<HTMLInputElement>(null);
  const lastTyping = useRef(0);
  const wanted = useRef<{ from: number; to: number } | undefined>(undefined);

  const slash = closed ? undefined : slashBefore(text, caret);
  const found = slash === undefined ? [] : fitting(replies, slash.query).slice(0, 8);
  const open = slash !== undefined && found.length > 0;

  const change = (next: string) => {
    setText(next);
    keepDraft(id, next);
    setProblem('');
    if (next.trim() === '') setDraft(null);
  };
  /** Puts the caret where something is still to be filled in, or to the end. */
  const place = (next: string, at: number) => {
    const gap = unfilledIn(next);
    wanted.current = { from: gap?.from ?? at, to: gap?.to ?? at };
    setCaret(wanted.current.from);
    if (box.current?.value === next) settle();
  };
  /** As soon as the text stands in the box: whoever types at once must not lose a letter. */
  const settle = () => {
    const want = wanted.current;
    if (want === undefined) return;
    wanted.current = undefined;
    box.current?.focus();
    box.current?.setSelectionRange(want.from, want.to);
  };
  useEffect(() => {
    box.current?.focus();
    const insert = async (event: Event) => {
      const { detail } = event as CustomEvent<string | { canned: string }>;
      const words = typeof detail === 'string' ? detail : await withValues(detail.canned);
      const before = draftOf(id);
      const next = before.trim() === '' ? words : `${before}${words}`;
      change(next);
      place(next, next.length);
    };
    document.addEventListener(INSERT_EVENT, insert);
    return () => document.removeEventListener(INSERT_EVENT, insert);
  }, [id]);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    element.style.height = 'auto';
    element.style.height = `${Math.min(element.scrollHeight + 2, 180)}px`;
    settle();
  }, [text]);
  const wantsReplies = slash !== undefined && replies.length === 0;
  useEffect(() => {
    if (wantsReplies) void readCanned(store.client).then((answer) => answer.ok && setReplies(answer.value));
  }, [wantsReplies, store]);

  const withValues = async (words: string): Promise<string> => {
    const values = await readVariables(store.client, id);
    return filled(words, values.ok ? values.value : {});
  };
  const take = async (reply: CannedReply) => {
    if (slash === undefined) return;
    const end = slash.from + 1 + slash.query.length;
    const words = await withValues(reply.text);
    const next = `${text.slice(0, slash.from)}${words}${text.slice(end)}`;
    change(next);
    place(next, slash.from + words.length);
  };
  const suggest = async () => {
    const answer = await readSuggestion(store.client, id);
    if (!answer.ok) return setProblem(answer.message);
    const [first] = answer.value;
    if (first === undefined) return setProblem('知识库里没有找到能用的回答，请自己写。');
    if (draftOf(id).trim() !== '' && draftOf(id) !== draft?.text) return setProblem('框里已经有内容。清空以后再拟稿，免得盖掉您写的。');
    change(first.text);
    setDraft({ text: first.text, itemId: first.itemId, title: first.title });
    place(first.text, first.text.length);
  };
  const attach = (files: readonly File[]) => {
    for (const file of files) {
      if (file.size > MAX_FILE) setProblem(`“${file.name}”超过 10 MB，请压缩后再发`);
      else void store.send(id, '', { file });
    }
    box.current?.focus();
  };

  const empty = text.trim() === '';
  const tooLong = text.trim().length > MAX;
  const gap = unfilledIn(text);
  const send = () => {
    if (empty || tooLong) return;
    if (gap !== undefined) return place(text, gap.from);
    const made = draft === null ? undefined : { text: draft.text, itemId: draft.itemId };
    change('');
    setDraft(null);
    void store.send(id, text.trim(), made && { draft: made });
    box.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // keyCode 229: Safari ends the composition before it reports the Enter that ended it
    if (event.isComposing || event.keyCode === 229) return;
    if (event.altKey && event.code === 'KeyG') {
      event.preventDefault();
      return void suggest();
    }
    const chosen = found[picked];
    if (open && chosen !== undefined) {
      const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
      if (step !== 0) setPicked((picked + step + found.length) % found.length);
      else if (event.key === 'Enter' || event.key === 'Tab') void take(chosen);
      else if (event.key === 'Escape') setClosed(true);
      else return;
      return event.preventDefault();
    }
    if (event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    send();
  };
  const onInput = (event: Event) => {
    const element = event.currentTarget as HTMLTextAreaElement;
    change(element.value);
    setCaret(element.selectionStart);
    setPicked(0);
    setClosed(false);
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
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        const files = [...(event.dataTransfer?.files ?? [])];
        if (files.length === 0) return;
        event.preventDefault();
        attach(files);
      }}
    >
      {draft !== null && (
        <p class="draft-mark" data-testid="draft">
          <strong>草稿</strong> 来自《{draft.title}》，请核对、修改后再发。
          <button type="button" class="button small quiet" onClick={() => change('')}>
            不用这份草稿
          </button>
        </p>
      )}
      {open && <CannedPicker replies={found} picked={picked} onPick={(reply) => void take(reply)} />}
      <label class="visually-hidden" for="composer">
        回复市民
      </label>
      <textarea
        id="composer"
        ref={box}
        rows={2}
        value={text}
        placeholder="回复市民…  输入 / 找常用语"
        aria-describedby="composer-hint"
        aria-invalid={tooLong || gap !== undefined}
        aria-autocomplete="list"
        aria-controls={open ? pickerId : undefined}
        aria-activedescendant={open ? `${pickerId}-${picked}` : undefined}
        onInput={onInput}
        onKeyDown={onKeyDown}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
        onPaste={(event) => {
          const files = [...(event.clipboardData?.files ?? [])];
          if (files.length === 0) return;
          event.preventDefault();
          attach(files);
        }}
      />
      <div class="composer-foot">
        <p id="composer-hint" role="status" class={tooLong || gap !== undefined || problem !== '' ? 'form-problem' : 'hint'}>
          {problem ||
            (gap !== undefined
              ? `还没填：${gap.words}，填好才能发送`
              : text.length > WARN_FROM
                ? `${text.trim().length} / ${MAX} 字${tooLong ? '，请缩短后再发' : ''}`
                : 'Enter 发送，Shift + Enter 换行')}
        </p>
        <input
          ref={chooser}
          type="file"
          class="visually-hidden"
          tabIndex={-1}
          multiple
          aria-label="选择附件"
          onChange={(event) => {
            attach([...(event.currentTarget.files ?? [])]);
            event.currentTarget.value = '';
          }}
        />
        <button type="button" class="button" onClick={() => chooser.current?.click()}>
          附件
        </button>
        <button
          type="button"
          class="button"
          aria-keyshortcuts="Alt+G"
          title="按市民最后的问题从知识库拟一份草稿"
          onClick={() => void suggest()}
        >
          拟稿 <kbd>Alt G</kbd>
        </button>
        <button type="submit" class="button primary" disabled={empty || tooLong || gap !== undefined}>
          发送
        </button>
      </div>
    </form>
  );
}
