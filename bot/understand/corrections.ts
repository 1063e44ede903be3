/** Taking back an earlier answer: 不是丢了，是到期了 · 手机号改成… · 不对，我今年 35: which slots, and what they hold now. */
import type { Flow, Slot } from '../flows/schema.ts';
import { matchOption, parseSlot } from '../flows/slots.ts';
import type { SlotValue } from '../flows/values.ts';
import type { Command } from './commands.ts';

/** Where the new value begins: after the last 是, 改成 … or, failing that, after the last comma. */
const before = /(?:改成|改为|换成|应该是|应当是|而是|才是|填的?是|写成|是(?!不是)|to be|to)\s*/gi;

/** What may be the new value, likeliest first. */
function candidates(text: string): string[] {
  const last = [...text.matchAll(before)].at(-1);
  const tail = last ? text.slice(last.index + last[0].length) : '';
  const clauses = text.split(/[,，。;；!！\s]+/u).filter(Boolean);
  return [...new Set([tail, clauses.at(-1) ?? '', text].map((part) => part.trim().replace(/[。!！]+$/u, '')))].filter(Boolean);
}

/** 年龄段 is called 年龄 too. */
const names = (slot: Slot): string[] =>
  [slot.label, slot.label.replace(/(?:段|情况|类型|方式|日期|号码|是否)$/u, '')].filter((name) => name.length >= 2);

/** Speaks of what was answered before, whatever is asked now. */
const lookingBack = /刚才|刚刚|前面|上面|之前|上一|[搞弄填选说写]错|改[成为]|换成|更正|纠正/;

/**
 * Commands for the answers a message corrects: every answered slot that it names by its label, or whose other option it names; without
 * either, the one answered slot that alone can hold the new value. What the open question can take is never taken from it unless the
 * message names the earlier answer. Input: the open flow, its answers, the message.
 */
export function corrections(
  flow: Flow,
  filled: Readonly<Record<string, SlotValue>>,
  asking: string | null,
  text: string,
  today: Date,
): Command[] {
  const answered = Object.entries(flow.slots).filter(([id]) => Object.hasOwn(filled, id) && id !== asking);
  const open = asking === null ? undefined : flow.slots[asking];
  const answersOpen = (part: string) => open !== undefined && open.type !== 'text' && parseSlot(open, part, { today }).ok;
  const readable = candidates(text).filter((part) => !answersOpen(part));
  const read = (slot: Slot, id: string, parts: readonly string[]): string | undefined => {
    for (const part of parts) {
      const parsed = parseSlot(slot, part, { today });
      if (parsed.ok && parsed.value !== filled[id]) return part;
    }
    return undefined;
  };
  const commands: Command[] = [];
  const namedNow = open !== undefined && matchOption(open, text) !== undefined && !lookingBack.test(text);
  for (const [id, slot] of answered) {
    if (slot.type === 'choice' && !namedNow) {
      const value = matchOption(slot, text);
      if (value !== undefined && filled[id] !== value) commands.push({ type: 'correct_slot', slot: id, value });
    }
  }
  if (commands.length > 0) return commands;
  const labelled = answered.filter(([, slot]) => names(slot).some((name) => text.includes(name)));
  for (const [id, slot] of labelled) {
    const value = read(slot, id, candidates(text));
    if (value !== undefined) commands.push({ type: 'correct_slot', slot: id, value });
  }
  if (commands.length > 0) return commands;
  // Free text takes anything, so it proves nothing.
  const able = answered
    .filter(([, slot]) => slot.type !== 'text')
    .flatMap(([id, slot]) => {
      const value = read(slot, id, readable);
      return value === undefined ? [] : [{ type: 'correct_slot' as const, slot: id, value }];
    });
  return able.length === 1 ? able : [];
}
