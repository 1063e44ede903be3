/** Commands as people write them in a suite: `start_flow(id-card-materials)`, `set_slot(reason)`, `set_slot(reason=lost)`, `answer()`. */
import { z } from 'zod';
import { commandSchema } from '../../bot/understand/commands.ts';

/** Every type of command there is. */
export const commandTypes: readonly string[] = commandSchema.options.map((option) => option.shape.type.value);
const types = new Set(commandTypes);
/** The argument that names what a command is about. */
const subjects: Readonly<Record<string, string>> = {
  start_flow: 'flow',
  set_slot: 'slot',
  correct_slot: 'slot',
  answer: 'itemId',
  hand_over: 'reason',
  small_talk: 'topic',
  rate: 'score',
};

export interface Wanted {
  readonly type: string;
  readonly subject?: string;
  readonly value?: string;
}

export const wantedCommand = z.string().transform((text, context): Wanted => {
  const [, type = '', subject = '', value] = /^\s*([a-z_]+)\s*(?:\(\s*([^=)]*?)\s*(?:=\s*([^)]*?)\s*)?\))?\s*$/.exec(text) ?? [];
  if (!types.has(type)) {
    context.addIssue({ code: 'custom', message: `“${text}” is no command; known: ${[...types].join(', ')}` });
    return z.NEVER;
  }
  return { type, ...(subject === '' ? {} : { subject }), ...(value === undefined ? {} : { value }) };
});

type Said = Readonly<Record<string, unknown>>;

/** A wanted command without a subject stands for any of its type. */
export function fits(wanted: Wanted, said: Said): boolean {
  if (wanted.type !== said.type) return false;
  const subject = said[subjects[wanted.type] ?? ''];
  if (wanted.subject !== undefined && String(subject ?? '') !== wanted.subject) return false;
  return wanted.value === undefined || String(said.value ?? '') === wanted.value;
}

export interface CommandMatch {
  readonly exact: boolean;
  readonly right: number;
  readonly missing: readonly Wanted[];
  readonly extra: readonly Said[];
}

/** Compares complete lists; order is irrelevant. */
export function matchCommands(wanted: readonly Wanted[], said: readonly Said[]): CommandMatch {
  const left = [...said];
  const missing: Wanted[] = [];
  for (const one of wanted) {
    const at = left.findIndex((other) => fits(one, other));
    if (at === -1) missing.push(one);
    else left.splice(at, 1);
  }
  return { exact: missing.length === 0 && left.length === 0, right: wanted.length - missing.length, missing, extra: left };
}

/** The same notation for what was said. */
export function commandText(said: Said): string {
  const subject = said[subjects[String(said.type)] ?? ''];
  const value = said.value === undefined ? '' : `=${String(said.value)}`;
  return `${String(said.type)}(${subject === undefined ? '' : `${String(subject)}${value}`})`;
}
