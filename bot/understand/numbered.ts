/** A receipt or order number says by itself what is wanted: how far that matter is. */
import type { Flow } from '../flows/schema.ts';
import type { Command } from './commands.ts';

/** The patterns of slots, compiled once. */
const compiled = new Map<string, RegExp>();
function asPattern(source: string): RegExp {
  const known = compiled.get(source) ?? new RegExp(`(?<![A-Za-z0-9])(?:${source})(?![A-Za-z0-9])`, 'iu');
  compiled.set(source, known);
  return known;
}

/**
 * The progress flow whose number stands in the message, with everything in it that fits one of its patterns (number, then proof);
 * undefined when there is none. The first slot with a pattern is the number.
 */
export function startedByNumber(said: string, flows: readonly Flow[]): Extract<Command, { type: 'start_flow' }> | undefined {
  for (const flow of flows.filter(({ kind }) => kind === 'progress')) {
    const slots: Record<string, string> = {};
    let rest = said.normalize('NFKC');
    let number: string | undefined;
    for (const [id, slot] of Object.entries(flow.slots)) {
      if (slot.type !== 'text' || slot.pattern === undefined) continue;
      number ??= id;
      const found = asPattern(slot.pattern).exec(rest)?.[0];
      if (found === undefined) continue;
      slots[id] = found;
      rest = rest.replace(found, ' ');
    }
    if (number !== undefined && slots[number] !== undefined) return { type: 'start_flow', flow: flow.id, slots };
  }
  return undefined;
}
