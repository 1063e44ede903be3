/** A screen with a list at its side and the open entry beside it. */
import type { ComponentChildren } from 'preact';
import type { DeskStore } from '../state/desk-store.ts';
import type { DeskState } from '../state/types.ts';
import { TopBar } from './top-bar.tsx';

export interface ListRow {
  readonly key: string;
  readonly title: string;
  readonly about: ComponentChildren;
}

interface Props {
  store: DeskStore;
  state: DeskState;
  label: string;
  /** What narrows the list. */
  filter: ComponentChildren;
  problem: string;
  /** How many there are, or that none is; read out when it changes. */
  status: string;
  rows: readonly ListRow[];
  testId: string;
  opened: string | null;
  onOpen: (key: string) => void;
  /** Below the list: other pages. */
  more?: ComponentChildren;
  children: ComponentChildren;
}

export function ListScreen({ store, state, label, filter, problem, status, rows, testId, opened, onOpen, more, children }: Props) {
  return (
    <div class="knowledge">
      <TopBar store={store} state={state} />
      <div class="knowledge-columns">
        <nav class="knowledge-list" aria-label={label}>
          <div class="knowledge-filter">{filter}</div>
          {problem !== '' && (
            <p class="form-problem" role="alert">
              {problem}
            </p>
          )}
          <p class="hint" role="status">
            {status}
          </p>
          <ul data-testid={testId}>
            {rows.map(({ key, title, about }) => (
              <li key={key}>
                <button type="button" class="knowledge-item" aria-current={key === opened} onClick={() => onOpen(key)}>
                  <span>{title}</span>
                  <span class="hint">{about}</span>
                </button>
              </li>
            ))}
          </ul>
          {more}
        </nav>
        <main class="knowledge-main" tabIndex={-1}>
          {children}
        </main>
      </div>
    </div>
  );
}

interface ChoiceProps {
  label: string;
  names: Readonly<Record<string, string>>;
  value: string;
  onChange: (value: string) => void;
  /** The first choice, which narrows nothing; none when there is no such choice. */
  all?: string;
}

export function Choice({ label, names, value, onChange, all }: ChoiceProps) {
  return (
    <label>
      {label}{' '}
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {all !== undefined && <option value="">{all}</option>}
        {Object.entries(names).map(([key, name]) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

export function SearchBox({ value, placeholder, onInput }: { value: string; placeholder: string; onInput: (value: string) => void }) {
  return (
    <label class="field">
      <span>查找</span>
      <input type="search" value={value} placeholder={placeholder} onInput={(event) => onInput(event.currentTarget.value)} />
    </label>
  );
}
