/** Providers that send approved templates only: which template carries a message, and with what in its variables. */
import { kindVariables, type SmsDraft, type SmsKind } from '../draft.ts';

/** Template codes by kind; `page` must be there. */
export type Templates = Partial<Record<SmsKind, string>>;

export interface Templated {
  readonly template: string;
  readonly values: readonly { readonly name: string; readonly value: string }[];
}

/** Why a value may not stand in a variable, or undefined. Source: mainland clouds' template rules (links, numbers to call, 【】). */
export function variableProblem(value: string, longest: number): string | undefined {
  if (value.trim() === '') return 'is empty';
  if (value.length > longest) return `is longer than ${longest}`;
  if (/[【】]/.test(value)) return 'holds brackets of a signature';
  if (/https?:|www\.|[a-z0-9-]+\.(?:com|cn|net|org|gov|example)\b/i.test(value)) return 'holds a link';
  // A short code of eight digits is none; what can be called has seven digits with a dash, or nine and more.
  if (/\d{3,4}[-－]\d{7,8}|\d{9,}/.test(value)) return 'holds a phone number';
  return undefined;
}

/**
 * The template for a message: that of its kind, else `short` when its words fit, else `page` with the short code. undefined when none
 * carries it: then it is not sent. Free text never goes through.
 */
export function templated(draft: SmsDraft, templates: Templates, longest: number): Templated | undefined {
  const candidates: readonly SmsKind[] =
    draft.kind === 'page' || draft.kind === 'short' ? ['short', 'page'] : [draft.kind, 'short', 'page'];
  for (const kind of candidates) {
    const template = templates[kind];
    if (template === undefined) continue;
    const values = kindVariables[kind].map((name) => ({ name, value: draft.vars[name] ?? '' }));
    if (values.every(({ value }) => variableProblem(value, longest) === undefined)) return { template, values };
  }
  return undefined;
}
