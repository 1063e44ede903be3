/** One field of a form with its label, its control and what is wrong with it. */
import type { Field } from '../forms/card.ts';
import { ChoiceField } from './choice-field.tsx';
import { useChat } from './context.ts';

export interface FormFieldProps {
  readonly field: Field;
  readonly id: string;
  readonly index: number;
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (value: string) => void;
}

/** Up to this many choices are shown side by side; more go into a list that opens. */
const CHOICES_SHOWN = 8;

export function FormField(props: FormFieldProps) {
  const { field, id, index, error } = props;
  const message = error !== undefined && (
    <p id={`${id}-error`} class="error">
      {error}
    </p>
  );
  if (field.kind === 'choice' && (field.multiple || field.choices.length <= CHOICES_SHOWN)) {
    return (
      <fieldset class="bare form-field" data-field={index} aria-describedby={error === undefined ? undefined : `${id}-error`}>
        <legend class="label">
          <Label field={field} />
        </legend>
        <ChoiceField {...props} field={field} />
        {message}
      </fieldset>
    );
  }
  return (
    <div class="form-field" data-field={index}>
      {field.label && (
        <label class="label" for={id}>
          <Label field={field} />
        </label>
      )}
      <Control {...props} />
      {message}
    </div>
  );
}

function Label({ field }: { field: Field }) {
  const { t } = useChat();
  return (
    <>
      {field.label}
      {!field.required && <span class="optional">{t.formOptional}</span>}
    </>
  );
}

function Control({ field, id, value, error, onChange }: FormFieldProps) {
  const { t } = useChat();
  const shared = {
    id,
    name: field.id,
    value,
    'aria-label': field.label ? undefined : field.placeholder,
    'aria-required': field.required,
    'aria-invalid': error !== undefined,
    'aria-describedby': error === undefined ? undefined : `${id}-error`,
    placeholder: field.placeholder,
    class: 'input',
  };
  const onInput = (event: { currentTarget: HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement }): void =>
    onChange(event.currentTarget.value);
  switch (field.kind) {
    case 'choice':
      return (
        <select {...shared} onChange={onInput}>
          <option value="">{field.placeholder ?? t.formChoose}</option>
          {field.choices.map((choice) => (
            <option value={choice.value}>{choice.title}</option>
          ))}
        </select>
      );
    case 'date':
      return <input {...shared} type="date" min={field.min} max={field.max} onInput={onInput} />;
    case 'number':
      return <input {...shared} type="text" inputMode="decimal" onInput={onInput} />;
    case 'text':
      return field.multiline ? (
        <textarea {...shared} rows={3} onInput={onInput} />
      ) : (
        <input {...shared} type="text" inputMode={field.style === 'tel' ? 'tel' : 'text'} onInput={onInput} />
      );
  }
}
