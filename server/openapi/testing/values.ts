/** Values for a JSON schema: such as it allows, near misses, and rubbish. */
import fc, { type Arbitrary } from 'fast-check';

interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minItems?: number;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

const nasty = [
  '',
  '0',
  '-1',
  '999999999999999999999',
  '\u0000',
  '../..',
  '__proto__',
  "' or 1=1 --",
  '<script>',
  '你好'.repeat(500),
  '%00',
  '\ud800',
];

/** Text for a parameter in a path or query. */
export function textFor(schema: object): Arbitrary<string> {
  return fc
    .oneof(
      { weight: 2, arbitrary: asText(allowed(schema as Schema)) },
      asText(near(schema as Schema)),
      fc.constantFrom(...nasty),
      fc.string({ unit: 'binary', maxLength: 40 }),
    )
    .map((text) => text.replace(/\p{Surrogate}/gu, ''));
}

const asText = (values: Arbitrary<unknown>): Arbitrary<string> =>
  values.map((value) => (typeof value === 'object' ? JSON.stringify(value) : String(value)));

/** A JSON body: what the schema allows as often as what it does not. */
export function bodyFor(schema: object): Arbitrary<unknown> {
  return fc.oneof(allowed(schema as Schema), near(schema as Schema));
}

/** What the schema allows, as far as it says so; patterns are beyond it. */
const allowed = (schema: Schema): Arbitrary<unknown> => fitting(schema, allowed, false);

/** Mostly fitting parts, some missing, some something else. */
const near = (schema: Schema): Arbitrary<unknown> =>
  fc.oneof({ weight: 6, arbitrary: fitting(schema, near, true) }, { weight: 1, arbitrary: fc.jsonValue() });

function fitting(schema: Schema, part: (schema: Schema) => Arbitrary<unknown>, bent: boolean): Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum && schema.enum.length > 0) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices && choices.length > 0) return fc.oneof(...choices.map(part));
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'object': {
      const parts = Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, one]) => [name, part(one)]));
      return fc.record(parts, { requiredKeys: bent ? [] : (schema.required ?? []).filter((name) => name in parts) });
    }
    case 'array':
      return fc.array(schema.items ? part(schema.items) : fc.jsonValue(), { minLength: bent ? 0 : (schema.minItems ?? 0), maxLength: 4 });
    case 'integer': {
      const inRange = fc.integer({ min: bound(schema.minimum, -1e6), max: bound(schema.maximum, 1e6) });
      return bent ? fc.oneof(inRange, fc.constantFrom(0, -1, 2 ** 53)) : inRange;
    }
    case 'number':
      return fc.double();
    case 'boolean':
      return fc.boolean();
    case 'string':
      return text(schema, bent);
    default:
      return fc.jsonValue();
  }
}

function text({ minLength = 0, maxLength = 60 }: Schema, bent: boolean): Arbitrary<string> {
  const words = fc.string({ unit: 'grapheme', minLength: bent ? 0 : minLength, maxLength: Math.max(minLength, Math.min(maxLength, 200)) });
  return bent ? fc.oneof(words, fc.constantFrom(...nasty)) : words;
}

const bound = (limit: number | undefined, otherwise: number): number => Math.max(-1e9, Math.min(1e9, limit ?? otherwise));
