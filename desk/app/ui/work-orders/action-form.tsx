/** What an action asks to be filled in; a refusal stays beside the words that were typed. */
import type { DeskStore } from '../../state/desk-store.ts';
import { type Action, act, type Field, fieldsOf, type OrderDetail } from '../../state/work-orders.ts';
import { Form } from '../form.tsx';

interface Props {
  store: DeskStore;
  order: OrderDetail;
  action: Action;
  departments: readonly string[];
  onDone: (order: OrderDetail) => void;
  onCancel: () => void;
}

export function ActionForm({ store, order, action, departments, onDone, onCancel }: Props) {
  const fields = fieldsOf[action] ?? [];
  const name = order.actions.find((one) => one.action === action)?.name ?? '';
  return (
    <Form
      class="action-form"
      label={name}
      submit={`确定${name}`}
      send={(typed) => {
        const filled = fields.flatMap((field) => (typed(field.name) === '' ? [] : [[field.name, typed(field.name)]]));
        const coDepartments = typed('coDepartments')
          .split(/[、,，;；\s]+/)
          .filter(Boolean);
        const helpers = coDepartments.length === 0 ? {} : { coDepartments };
        return act(store.client, order.number, { action, version: order.version, ...Object.fromEntries(filled), ...helpers });
      }}
      onDone={onDone}
      onCancel={onCancel}
    >
      {fields.map((field) => (
        <FieldInput key={field.name} field={field} departments={departments} />
      ))}
    </Form>
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
