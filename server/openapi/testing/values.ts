/** Values for a JSON schema: such as it allows, near misses, and rubbish. */
import fc, { type Arbitrary } from 'fast-check';

interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
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
      valueFor(schema as Schema).map((value) => (typeof value === 'object' ? JSON.stringify(value) : String(value))),
      fc.constantFrom(...nasty),
      fc.string({ unit: 'binary', maxLength: 40 }),
    )
    .map((text) => text.replace(/\p{Surrogate}/gu, ''));
}

/** A JSON body. */
export function bodyFor(schema: object): Arbitrary<unknown> {
  return valueFor(schema as Schema);
}

function valueFor(schema: Schema): Arbitrary<unknown> {
  return fc.oneof({ weight: 6, arbitrary: fitting(schema) }, { weight: 1, arbitrary: fc.jsonValue() });
}

function fitting(schema: Schema): Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum && schema.enum.length > 0) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices && choices.length > 0) return fc.oneof(...choices.map(valueFor));
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'object':
      return fc.record(Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, one]) => [name, valueFor(one)])), {
        requiredKeys: [],
      });
    case 'array':
      return fc.array(schema.items ? valueFor(schema.items) : fc.jsonValue(), { maxLength: 4 });
    case 'integer':
      return fc.oneof(fc.integer({ min: bound(schema.minimum, -1e6), max: bound(schema.maximum, 1e6) }), fc.constantFrom(0, -1, 2 ** 53));
    case 'number':
      return fc.double();
    case 'boolean':
      return fc.boolean();
    case 'string':
      return fc.oneof(fc.string({ unit: 'grapheme', maxLength: Math.min(schema.maxLength ?? 60, 200) }), fc.constantFrom(...nasty));
    default:
      return fc.jsonValue();
  }
}

const bound = (limit: number | undefined, otherwise: number): number => Math.max(-1e9, Math.min(1e9, limit ?? otherwise));
