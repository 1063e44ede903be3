/** What an action asks to be filled in; a refusal stays beside the words that were typed. */
import { useState } from 'preact/hooks';
import type { DeskStore } from '../../state/desk-store.ts';
import { type Action, act, type Field, fieldsOf, type OrderDetail } from '../../state/work-orders.ts';

interface Props {
  store: DeskStore;
  order: OrderDetail;
  action: Action;
  departments: readonly string[];
  onDone: (order: OrderDetail) => void;
  onCancel: () => void;
}

export function ActionForm({ store, order, action, departments, onDone, onCancel }: Props) {
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const fields = fieldsOf[action] ?? [];
  const name = order.actions.find((one) => one.action === action)?.name ?? '';
  const submit = async (form: HTMLFormElement) => {
    const typed = Object.fromEntries(
      [...new FormData(form)].flatMap(([key, value]) => (String(value).trim() === '' ? [] : [[key, String(value).trim()]])),
    );
    setBusy(true);
    const answer = await act(store.client, order.number, { action, version: order.version, ...typed });
    setBusy(false);
    if (answer.ok) onDone(answer.value);
    else setProblem(answer.message);
  };
  return (
    <form
      class="action-form"
      aria-label={name}
      onSubmit={(event) => {
        event.preventDefault();
        void submit(event.currentTarget);
      }}
    >
      {fields.map((field) => (
        <FieldInput key={field.name} field={field} departments={departments} />
      ))}
      {problem !== '' && (
        <p class="form-problem" role="alert">
          {problem}
        </p>
      )}
      <div class="knowledge-buttons">
        <button type="submit" class="button primary" disabled={busy}>
          确定{name}
        </button>
        <button type="button" class="button" onClick={onCancel}>
          取消
        </button>
      </div>
    </form>
  );
}

function FieldInput({ field, departments }: { field: Field; departments: readonly string[] }) {
  const { name, label, kind, required, choices } = field;
  const id = `action-${name}`;
  return (
    <div class="field">
      <label for={id}>
        {label}
        {required ? '' : '（可以不写）'}
      </label>
      {kind === 'text' && <textarea id={id} name={name} rows={3} required={required} maxLength={2000} />}
      {kind === 'line' && (
        <input id={id} name={name} required={required} maxLength={60} list={name === 'department' ? 'suggested-departments' : undefined} />
      )}
      {kind === 'choice' && (
        <select id={id} name={name} required={required}>
          {Object.entries(choices ?? {}).map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      )}
      {name === 'department' && (
        <datalist id="suggested-departments">
          {departments.map((department) => (
            <option key={department} value={department} />
          ))}
        </datalist>
      )}
    </div>
  );
}
