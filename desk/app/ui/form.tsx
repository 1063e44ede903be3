/** A form that is sent once: while it is under way its button rests, a refusal stays beside the words that were typed. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Answer } from '../state/client.ts';

/** What was typed, by the fields' names, without blanks around it. */
export type Typed = (name: string) => string;

interface Props<T> {
  title?: string;
  /** For screen readers, where no title says it. */
  label?: string;
  class: string;
  submit: string;
  send: (typed: Typed, data: FormData) => Promise<Answer<T>>;
  onDone: (value: T) => void;
  onCancel: () => void;
  children: ComponentChildren;
}

export function Form<T>({ title, label, class: name, submit, send, onDone, onCancel, children }: Props<T>) {
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const sent = async (form: HTMLFormElement) => {
    const data = new FormData(form);
    setBusy(true);
    const answer = await send((field) => String(data.get(field) ?? '').trim(), data);
    setBusy(false);
    if (answer.ok) onDone(answer.value);
    else setProblem(answer.message);
  };
  return (
    <form
      class={name}
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault();
        void sent(event.currentTarget);
      }}
    >
      {title !== undefined && <h2>{title}</h2>}
      {children}
      {problem !== '' && (
        <p class="form-problem" role="alert">
          {problem}
        </p>
      )}
      <div class="knowledge-buttons">
        <button type="submit" class="button primary" disabled={busy}>
          {submit}
        </button>
        <button type="button" class="button" onClick={onCancel}>
          取消
        </button>
      </div>
    </form>
  );
}

/** One labelled choice of a form. */
export function Select({ name, label, names }: { name: string; label: string; names: Readonly<Record<string, string>> }) {
  return (
    <label>
      {label}{' '}
      <select name={name}>
        {Object.entries(names).map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
