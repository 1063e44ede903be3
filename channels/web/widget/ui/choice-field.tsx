/** Choices side by side: one of them (radio) or several (checkbox). */
import type { Field } from '../forms/card.ts';

interface ChoiceFieldProps {
  readonly field: Extract<Field, { kind: 'choice' }>;
  readonly id: string;
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (value: string) => void;
}

export function ChoiceField({ field, id, value, error, onChange }: ChoiceFieldProps) {
  const chosen = value === '' ? [] : value.split(',');
  const toggle = (choice: string): void => {
    if (!field.multiple) {
      onChange(choice);
      return;
    }
    // In the order of the form, whatever the order of the clicks.
    const next = field.choices.filter((one) => (one.value === choice) !== chosen.includes(one.value));
    onChange(next.map((one) => one.value).join(','));
  };
  return (
    <div class="choices">
      {field.choices.map((choice) => (
        <label class={chosen.includes(choice.value) ? 'choice chosen' : 'choice'}>
          <input
            type={field.multiple ? 'checkbox' : 'radio'}
            name={id}
            value={choice.value}
            checked={chosen.includes(choice.value)}
            aria-invalid={error !== undefined}
            onChange={() => toggle(choice.value)}
          />
          <span>{choice.title}</span>
        </label>
      ))}
    </div>
  );
}
