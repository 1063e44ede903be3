/** Where the citizen writes: Enter sends, Shift+Enter breaks the line, and an input method's own Enter does neither. */
import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useChat } from './context.ts';
import { ClipIcon, SendIcon } from './icons.tsx';

/** Longest message; the server takes more, so that what we count differently still passes. */
export const TEXT_LIMIT = 2000;
const COUNTER_FROM = TEXT_LIMIT - 200;
/** Largest upload, in bytes. */
export const UPLOAD_LIMIT = 10 * 1024 * 1024;
const ACCEPT = 'image/*,.pdf,.docx,.xlsx,.txt,audio/*,.amr,.mp4';
const TYPING_EVERY = 4_000;

export function Composer({ input, withPerson }: { input: RefObject<HTMLTextAreaElement | null>; withPerson: boolean }) {
  const { t, elder, kiosk, actions } = useChat();
  const [text, setText] = useState('');
  const [problem, setProblem] = useState('');
  const file = useRef<HTMLInputElement>(null);
  const typedAt = useRef(0);
  const over = text.length - TEXT_LIMIT;
  const empty = text.trim() === '';
  useEffect(() => growWithText(input.current), [text, elder, input]);

  const send = (): void => {
    if (empty || over > 0) return;
    actions.say(text.trim());
    setText('');
    setProblem('');
    input.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // 229 is what older browsers report while an input method composes.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send();
  };
  const onInput = (value: string): void => {
    setText(value);
    if (!withPerson || Date.now() - typedAt.current < TYPING_EVERY) return;
    typedAt.current = Date.now();
    actions.typing();
  };
  const onFile = (chosen: File | undefined): void => {
    if (!chosen) return;
    setProblem(chosen.size > UPLOAD_LIMIT ? t.uploadTooBig(chosen.name) : '');
    if (chosen.size <= UPLOAD_LIMIT) actions.upload(chosen);
    if (file.current) file.current.value = '';
  };
  return (
    <form
      class="composer"
      autocomplete={kiosk ? 'off' : undefined}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <div class="field">
        {!elder && (
          <>
            <button type="button" class="icon-button" data-testid="upload" aria-label={t.upload} onClick={() => file.current?.click()}>
              <ClipIcon size={22} />
            </button>
            <input
              ref={file}
              type="file"
              hidden
              accept={ACCEPT}
              data-testid="file-input"
              onChange={(event) => onFile(event.currentTarget.files?.[0])}
            />
          </>
        )}
        <textarea
          ref={input}
          rows={1}
          data-testid="input"
          value={text}
          aria-label={t.inputLabel}
          aria-invalid={over > 0}
          aria-describedby="counter"
          placeholder={withPerson ? t.placeholderAgent : t.placeholder}
          enterkeyhint="send"
          onInput={(event) => onInput(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <button type="submit" class="send" data-testid="send" aria-label={t.send} aria-disabled={empty || over > 0}>
          {elder ? t.send : <SendIcon size={22} />}
        </button>
      </div>
      <p id="counter" class={over > 0 ? 'counter over' : 'counter'} role="status">
        {over > 0 ? t.tooLong(over) : text.length >= COUNTER_FROM ? t.left(-over) : ''}
      </p>
    </form>
  );
}

function growWithText(area: HTMLTextAreaElement | null): void {
  if (!area) return;
  area.style.height = 'auto';
  area.style.height = `${area.scrollHeight}px`;
}
