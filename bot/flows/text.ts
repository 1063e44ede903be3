/** Fills {slot} placeholders. */
import type { Flow } from './flow.ts';
import { displayValue, type SlotValue } from './values.ts';

const placeholder = /\{([a-zA-Z][\w-]*(?:\.[a-zA-Z][\w-]*)*)\}/g;

/** The slots and call results a text refers to. */
export function placeholders(text: string): string[] {
  return [...text.matchAll(placeholder)].map((match) => match[1] ?? '');
}

/** The text with its references renamed. */
export function renamePlaceholders(text: string, rename: (name: string) => string): string {
  return text.replace(placeholder, (_, name: string) => `{${rename(name)}}`);
}

/** A text for the citizen: labels for values, 未提供 for what is not known. */
export function fillText(flow: Flow, text: string, known: Readonly<Record<string, SlotValue>>): string {
  return text.replace(placeholder, (_, name: string) => {
    const value = Object.hasOwn(known, name) ? known[name] : undefined;
    const slot = Object.hasOwn(flow.slots, name) ? flow.slots[name] : undefined;
    if (value === undefined) return '未提供';
    if (slot) return displayValue(slot, value);
    return typeof value === 'boolean' ? (value ? '是' : '否') : String(value);
  });
}

/** An argument for a back end: the plain value, empty for what is not known. */
export function fillArgument(text: string, known: Readonly<Record<string, SlotValue>>): string {
  return text.replace(placeholder, (_, name: string) => String((Object.hasOwn(known, name) ? known[name] : undefined) ?? ''));
}
