/** The subset of Adaptive Cards that asks for slots: parsed from what the server sent, never trusted to be well-formed. */

export interface Choice {
  readonly title: string;
  readonly value: string;
}

interface FieldBase {
  readonly id: string;
  readonly label: string;
  readonly required: boolean;
  readonly errorMessage: string | undefined;
  readonly placeholder: string | undefined;
  readonly initial: string;
}
export type Field =
  | (FieldBase & { kind: 'text'; regex: string | undefined; maxLength: number | undefined; multiline: boolean; style: string | undefined })
  | (FieldBase & { kind: 'number'; min: number | undefined; max: number | undefined })
  | (FieldBase & { kind: 'date'; min: string | undefined; max: string | undefined })
  | (FieldBase & { kind: 'choice'; choices: readonly Choice[]; multiple: boolean });

export interface FormCard {
  readonly parts: readonly ({ kind: 'note'; text: string; strong: boolean } | { kind: 'field'; field: Field })[];
  readonly submit: { readonly title: string; readonly data: Record<string, unknown> } | undefined;
}

type Raw = Record<string, unknown>;

const isRaw = (value: unknown): value is Raw => typeof value === 'object' && value !== null && !Array.isArray(value);
const list = (value: unknown): Raw[] => (Array.isArray(value) ? value.filter(isRaw) : []);
const string = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const number = (value: unknown): number | undefined => (typeof value === 'number' && Number.isFinite(value) ? value : undefined);

/** Reads a card; undefined when it is not an Adaptive Card. Elements outside the subset are left out. */
export function parseCard(content: unknown): FormCard | undefined {
  if (!isRaw(content) || content.type !== 'AdaptiveCard') return undefined;
  const parts = list(content.body).flatMap((raw): FormCard['parts'][number][] => {
    if (raw.type === 'TextBlock' && typeof raw.text === 'string')
      return [{ kind: 'note', text: raw.text, strong: raw.weight === 'Bolder' || raw.weight === 'bolder' }];
    const field = parseField(raw);
    return field ? [{ kind: 'field', field }] : [];
  });
  const submit = list(content.actions).find((action) => action.type === 'Action.Submit');
  return { parts, submit: submit && { title: string(submit.title) ?? '', data: isRaw(submit.data) ? submit.data : {} } };
}

function parseField(raw: Raw): Field | undefined {
  const id = string(raw.id);
  if (id === undefined) return undefined;
  const base: FieldBase = {
    id,
    label: string(raw.label) ?? '',
    required: raw.isRequired === true,
    errorMessage: string(raw.errorMessage),
    placeholder: string(raw.placeholder),
    initial: typeof raw.value === 'number' ? String(raw.value) : (string(raw.value) ?? ''),
  };
  switch (raw.type) {
    case 'Input.Text':
      return {
        ...base,
        kind: 'text',
        regex: string(raw.regex),
        maxLength: number(raw.maxLength),
        multiline: raw.isMultiline === true,
        style: string(raw.style)?.toLowerCase(),
      };
    case 'Input.Number':
      return { ...base, kind: 'number', min: number(raw.min), max: number(raw.max) };
    case 'Input.Date':
      return { ...base, kind: 'date', min: string(raw.min), max: string(raw.max) };
    case 'Input.ChoiceSet': {
      const choices = list(raw.choices).flatMap(({ title, value }) =>
        typeof title === 'string' && typeof value === 'string' ? [{ title, value }] : [],
      );
      return { ...base, kind: 'choice', choices, multiple: raw.isMultiSelect === true };
    }
    default:
      return undefined;
  }
}

export function fieldsOf(card: FormCard): Field[] {
  return card.parts.flatMap((part) => (part.kind === 'field' ? [part.field] : []));
}
