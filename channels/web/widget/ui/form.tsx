/** A form for slots: checked here for a quick word, checked again by the server. Locked once it is answered. */
import { useRef, useState } from 'preact/hooks';
import { type FormCard, fieldsOf } from '../forms/card.ts';
import { checkField, checkForm, type FormValues, type FormWords, payloadOf, readableOf } from '../forms/values.ts';
import { useChat } from './context.ts';
import { FormField } from './form-field.tsx';
import { CheckIcon } from './icons.tsx';

interface FormProps {
  readonly card: FormCard;
  readonly entryKey: string;
  readonly submitted: boolean;
}

export function Form({ card, entryKey, submitted }: FormProps) {
  const { t, kiosk, actions } = useChat();
  const fields = fieldsOf(card);
  const [values, setValues] = useState<FormValues>(() => Object.fromEntries(fields.map((field) => [field.id, field.initial])));
  const [errors, setErrors] = useState<Record<string, string>>({});
  const form = useRef<HTMLFormElement>(null);
  const words: FormWords = {
    required: t.formRequired,
    invalid: t.formInvalid,
    number: t.formNumber,
    atLeast: t.formAtLeast,
    atMost: t.formAtMost,
  };
  const change = (id: string, value: string): void => {
    setValues({ ...values, [id]: value });
    const field = fields.find((one) => one.id === id);
    // What was marked wrong is freed as soon as it is right; nothing is marked wrong while it is being written.
    if (field && errors[id] !== undefined && checkField(field, value, words) === undefined) {
      const { [id]: _gone, ...rest } = errors;
      setErrors(rest);
    }
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    if (submitted) return;
    const found = checkForm(card, values, words);
    setErrors(found);
    const firstWrong = fields.findIndex((field) => found[field.id] !== undefined);
    if (firstWrong === -1) actions.say(readableOf(card, values) || (card.submit?.title ?? t.formSubmit), payloadOf(card, values));
    else focusField(form.current, firstWrong);
  };
  const count = Object.keys(errors).length;
  let index = -1;
  return (
    <form
      ref={form}
      class="card form"
      noValidate
      autocomplete={kiosk ? 'off' : undefined}
      onSubmit={submit}
      data-testid="form"
      data-submitted={submitted}
    >
      <fieldset class="bare" disabled={submitted}>
        {card.parts.map((part) => {
          if (part.kind === 'note') return part.strong ? <h3>{part.text}</h3> : <p class="soft">{part.text}</p>;
          index++;
          return (
            <FormField
              field={part.field}
              id={`f-${entryKey.replace(/[^\w-]/g, '_')}-${index}`}
              index={index}
              value={values[part.field.id] ?? ''}
              error={errors[part.field.id]}
              onChange={(value) => change(part.field.id, value)}
            />
          );
        })}
        <p class="form-summary" role="status">
          {count > 0 ? t.formErrors(count) : ''}
        </p>
        {submitted ? (
          <p class="done">
            <CheckIcon size={18} />
            {t.formSubmitted}
          </p>
        ) : (
          card.submit && (
            <button type="submit" class="button primary">
              {card.submit.title || t.formSubmit}
            </button>
          )
        )}
      </fieldset>
    </form>
  );
}

function focusField(form: HTMLFormElement | null, index: number): void {
  form?.querySelector<HTMLElement>(`[data-field="${index}"] :is(input, select, textarea)`)?.focus();
}
