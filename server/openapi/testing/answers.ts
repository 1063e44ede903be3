/** Checks answers against the document they were promised in. Source: OpenAPI Specification 3.1.1, whose schemas are JSON Schema 2020-12. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { OpenApiDocument } from '../document.ts';

interface Described {
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}

/** Says what is wrong with an answer; undefined: nothing. */
export type CheckAnswer = (method: string, path: string, answer: { status: number; type: string; json: unknown }) => string | undefined;

/** Makes the check for a document; schemas are compiled once. */
export function answerCheck(document: OpenApiDocument): CheckAnswer {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: false });
  const compiled = new Map<string, ValidateFunction | undefined>();
  return (method, path, { status, type, json }) => {
    // By Node itself, before any route.
    if (status === 431) return undefined;
    const responses = document.paths[path]?.[method.toLowerCase()]?.responses as Record<string, Described> | undefined;
    const described = responses?.[String(status)];
    // What any server may answer of itself has the error's form.
    const schema = described
      ? described.content?.['application/json']?.schema
      : status >= 400
        ? { $ref: '#/components/schemas/Error' }
        : {};
    if (described && schema === undefined)
      return json === undefined ? undefined : `JSON where the document has ${Object.keys(described.content ?? {}).join() || 'no content'}`;
    if (!type.startsWith('application/json')) return `${type || 'nothing'} where the document has JSON`;
    const key = `${method} ${path} ${described ? status : 'else'}`;
    if (!compiled.has(key)) compiled.set(key, ajv.compile({ ...schema, components: document.components }));
    const validate = compiled.get(key);
    return validate?.(json) ? undefined : ajv.errorsText(validate?.errors);
  };
}
