import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from './decide.ts';
import { workOrderNumber } from './number.ts';
import {
  actorKinds,
  demandTypes,
  disputeLevels,
  urgencies,
  type WorkOrderEvent,
  workOrderActions,
  workOrderEventSchema,
  workOrderKinds,
  workOrderSchema,
} from './order.ts';
import { applyEvent, IllegalHistoryError, replay } from './replay.ts';
import { mayAct, transitions } from './transitions.ts';

const _at = (text: string) => Date.parse(`${text}+08:00`);

import { calendars, matter, played, receive, start } from './testing/play.ts';

describe('the random walker', () => {
  const command = fc.record(
    {
      action: fc.constantFrom(...workOrderActions.filter((one) => one !== 'receive')),
      note: fc.option(fc.constantFrom('理由', '说明'), { freq: 9 }),
      department: fc.constantFrom('城管局', '住建局'),
      complex: fc.boolean(),
      reply: fc.constant('答复'),
      resolution: fc.constantFrom('solved' as const, 'explained' as const),
      publicNote: fc.constant('已整改'),
      followUp: fc.constantFrom('resolved' as const, 'unresolved' as const),
      handler: fc.constant('li'),
      duplicateOf: fc.constant(workOrderNumber(2026, 2)),
      level: fc.constantFrom(...disputeLevels),
    },
    { requiredKeys: ['action', 'note', 'department', 'reply', 'resolution', 'publicNote', 'followUp'] },
  );
  const step = fc.record({ command, kind: fc.constantFrom(...actorKinds), wait: fc.integer({ min: 0, max: 3 * 86_400_000 }) });
  const kinds = fc.record({
    kind: fc.constantFrom(...workOrderKinds),
    demandType: fc.constantFrom(...demandTypes),
    urgency: fc.constantFrom(...urgencies),
    aboutStaff: fc.boolean(),
    accused: fc.subarray(['城管局']),
  });

  it('[R-110] finds no illegal transition, and every history replays to the same order', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(kinds, fc.array(step, { minLength: 1, maxLength: 150, size: 'max' }), (kind, steps) => {
        const events = [receive(matter(kind))];
        let order = replay(events);
        let now = start;
        for (const { command, kind, wait } of steps) {
          now += wait;
          const outcome = decide(order, command, { kind, name: 'x' }, { calendars, now });
          if ('refused' in outcome) {
            expect(outcome.refused.message).toMatch(/\p{Script=Han}/u);
            continue;
          }
          const { event } = outcome;
          expect(transitions[command.action].from).toContain(order.state);
          expect(mayAct[command.action]).toContain(kind);
          // whoever is accused never gets it, whatever happened before
          if (order.aboutStaff && command.action === 'dispatch') expect(order.accused).not.toContain(event.data.department);
          seen.add(`${order.state} ${command.action}`);
          events.push(workOrderEventSchema.parse(JSON.parse(JSON.stringify(event))));
          order = applyEvent(order, event);
          expect(order.checks.every((check, i) => i === 0 || (order.checks[i - 1]?.at ?? 0) <= check.at)).toBe(true);
          if (order.state === 'closed') expect(order.result).not.toBeNull();
        }
        expect(replay(events)).toEqual(order);
        expect(workOrderSchema.parse(JSON.parse(JSON.stringify(order)))).toEqual(order);
      }),
      { numRuns: 600, seed: 20261121 },
    );
    const possible = Object.entries(transitions).flatMap(([action, { from }]) => from.map((state) => `${state} ${action}`));
    expect(possible.filter((one) => !seen.has(one))).toEqual([]);
  });

  it('a history written past the rules is refused', () => {
    const events = played([{ action: 'dispatch', department: '城管局' }]);
    expect(() => replay([])).toThrow(IllegalHistoryError);
    expect(() => replay(events.slice(1))).toThrow(IllegalHistoryError);
    expect(() => replay([...events, { ...events[1], seq: 3 } as WorkOrderEvent])).toThrow(IllegalHistoryError);
    expect(() => replay([events[0], events[0]] as WorkOrderEvent[])).toThrow(IllegalHistoryError);
    expect(() => replay([events[0], { ...events[1], seq: 3 }] as WorkOrderEvent[])).toThrow(IllegalHistoryError);
  });
});
